// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/memory_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "exporters/store/event_size.h"
#include "exporters/store/inline_export.h"
#include "tests/unit/exporters/sample_events.h"

namespace telltale::exporters {
namespace {

using model::Event;
using model::Topic;

constexpr std::size_t index_of(Topic kind) { return static_cast<std::size_t>(kind); }

Event event_of(Topic kind) {
    Event event;
    event.action = samples::action_of(kind);
    event.created_ns = 7;
    return event;
}

MemoryStoreLimits limits(std::size_t events, Overflow overflow) {
    MemoryStoreLimits result;
    result.max_events = events;
    result.overflow = overflow;
    return result;
}

void expect_identities(const EventStore& store) {
    const StoreFigures figures = store.figures();
    for (const LogFigures& kind : figures.topics) {
        ASSERT_EQ(kind.created, kind.stored + kind.dropped);
        ASSERT_EQ(kind.stored, kind.acknowledged + kind.waiting + kind.dead);
    }
    ASSERT_EQ(figures.total().waiting, figures.waiting_events);
    ASSERT_EQ(figures.waiting_events == 0, figures.waiting_bytes == 0);
}

TEST(MemoryStore, GivesSequencesByKindAndPositionsOverAll) {
    MemoryStore store;
    const ReaderId reader = store.add_reader("r");
    EXPECT_EQ(store.append(event_of(Topic::device)).sequence, 1U);
    EXPECT_EQ(store.append(event_of(Topic::alert)).sequence, 1U);
    EXPECT_EQ(store.append(event_of(Topic::device)).sequence, 2U);
    std::vector<StoredEvent> batch;
    ASSERT_EQ(*store.read(reader, 0, 10, batch), 3U);
    EXPECT_EQ(batch[2].position, 3U);
    EXPECT_EQ(batch[2].event->sequence, 2U);
    EXPECT_EQ(store.figures().oldest_created_ns, 7);
}

TEST(MemoryStore, DeliversAgainUntilAcknowledgedByEveryReader) {
    MemoryStore store;
    const ReaderId a = store.add_reader("a");
    const ReaderId b = store.add_reader("b");
    for (int i = 0; i < 5; ++i) store.append(event_of(Topic::device));
    std::vector<StoredEvent> batch;
    EXPECT_EQ(*store.read(a, 0, 2, batch), 2U);
    EXPECT_EQ(*store.read(a, 0, 9, batch), 5U) << "what was read is not gone";
    EXPECT_TRUE(store.acknowledge(a, 3));
    EXPECT_EQ(*store.read(a, 0, 9, batch), 2U);
    EXPECT_EQ(batch.front().position, 4U);
    EXPECT_EQ(*store.read(b, 0, 9, batch), 5U) << "the other reader is not touched";
    EXPECT_EQ(store.figures().total().waiting, 5U);
    EXPECT_TRUE(store.acknowledge(b, 5));
    EXPECT_EQ(store.figures().total().acknowledged, 3U);
    EXPECT_TRUE(store.acknowledge(a, 2)) << "an old acknowledgement does nothing";
    EXPECT_FALSE(store.acknowledge(a, 6)) << "what was never stored cannot be acknowledged";
    expect_identities(store);
}

TEST(MemoryStore, DropsTheNewestByClassAndNamesTheRanges) {
    MemoryStore store(limits(100, Overflow::drop));
    const ReaderId reader = store.add_reader("r");
    for (int i = 0; i < 75; ++i) ASSERT_TRUE(store.append(event_of(Topic::destination)).stored);
    EXPECT_FALSE(store.append(event_of(Topic::destination)).stored);
    EXPECT_EQ(store.append(event_of(Topic::destination)).sequence, 77U) << "a dropped event uses its number up";
    EXPECT_TRUE(store.append(event_of(Topic::device)).stored) << "devices have more room";
    for (int i = 0; i < 100; ++i) store.append(event_of(Topic::alert));
    EXPECT_EQ(store.figures().waiting_events, 100U);
    EXPECT_EQ(store.drops(), (std::vector<DropRange>{{Topic::destination, 76, 77}, {Topic::alert, 25, 100}}));

    EXPECT_TRUE(store.acknowledge(reader, 30));
    EXPECT_FALSE(store.append(event_of(Topic::destination)).stored) << "dropped on until 7/8 of its share";
    EXPECT_TRUE(store.acknowledge(reader, 40));
    EXPECT_EQ(store.append(event_of(Topic::destination)).sequence, 79U);
    EXPECT_EQ(store.drops().front(), (DropRange{Topic::destination, 76, 78}));
    store.mark_drops_told(std::vector<DropRange>{{Topic::destination, 76, 77}});
    EXPECT_EQ(store.drops().front(), (DropRange{Topic::destination, 78, 78})) << "what grew since is still untold";
    expect_identities(store);
}

TEST(MemoryStore, TakesAnEventOfAnySizeWhenEmptyAndNoMoreThanItsBytesThen) {
    MemoryStoreLimits small;
    small.max_bytes = 1;
    MemoryStore store(small);
    store.add_reader("r");
    EXPECT_TRUE(store.append(samples::alert_event()).stored);
    EXPECT_FALSE(store.append(samples::alert_event()).stored);
    EXPECT_EQ(store.figures().waiting_bytes, approximate_bytes(samples::alert_event()));
}

TEST(MemoryStore, RefusedEventsAreDeadOnceEveryReaderIsPastThem) {
    MemoryStore store;
    const ReaderId a = store.add_reader("a");
    const ReaderId b = store.add_reader("b");
    for (int i = 0; i < 3; ++i) store.append(event_of(Topic::alert));
    EXPECT_TRUE(store.reject(a, 2, "too large"));
    EXPECT_FALSE(store.reject(a, 4, "not there"));
    EXPECT_TRUE(store.acknowledge(a, 3));
    EXPECT_FALSE(store.reject(a, 2, "it is done with it"));
    EXPECT_EQ(store.figures().total().dead, 0U);
    EXPECT_TRUE(store.acknowledge(b, 3));
    EXPECT_EQ(store.figures().total().dead, 1U);
    EXPECT_EQ(store.figures().total().acknowledged, 2U);
    ASSERT_EQ(store.dead_events().size(), 1U);
    EXPECT_EQ(store.dead_events()[0].reason, "too large");
    EXPECT_EQ(store.dead_events()[0].stored.position, 2U);
}

// Random operations; after each the identities hold, and the sequences that a reader sees plus the told drops are
// 1, 2, 3 ... without a hole.
TEST(MemoryStore, IdentitiesHoldUnderRandomOperations) {
    for (unsigned seed = 0; seed < 30; ++seed) {
        std::mt19937 random(seed);
        MemoryStore store(limits(40, Overflow::drop));
        const ReaderId readers[] = {store.add_reader("a"), store.add_reader("b")};
        Position seen[2] = {};
        std::array<std::vector<bool>, base::kCount<model::Topic>> accounted;
        const auto account = [&](Topic kind, std::uint64_t sequence) {
            auto& marks = accounted[index_of(kind)];
            if (marks.size() < sequence) marks.resize(sequence);
            ASSERT_FALSE(marks[sequence - 1]) << "told twice";
            marks[sequence - 1] = true;
        };
        const auto tell_drops = [&] {
            const std::vector<DropRange> ranges = store.drops();
            for (const DropRange& range : ranges) {
                for (std::uint64_t i = range.first; i <= range.last; ++i) account(range.topic, i);
            }
            store.mark_drops_told(ranges);
        };
        std::vector<StoredEvent> batch;
        for (int step = 0; step < 3000; ++step) {
            const auto choice = random() % 100;
            const std::size_t r = random() % 2;
            if (choice < 70) {
                store.append(event_of(static_cast<Topic>(random() % base::kCount<model::Topic>)));
            } else if (choice < 95) {
                ASSERT_TRUE(store.read(readers[r], seen[r], random() % 20, batch));
                if (r == 0) {
                    for (const StoredEvent& event : batch) account(event.event->topic(), event.event->sequence);
                }
                if (!batch.empty()) seen[r] = batch.back().position;
                ASSERT_TRUE(store.acknowledge(readers[r], seen[r]));
            } else {
                tell_drops();
            }
            ASSERT_NO_FATAL_FAILURE(expect_identities(store));
        }
        tell_drops();
        ASSERT_TRUE(store.read(readers[0], seen[0], 1000, batch));
        for (const StoredEvent& event : batch) account(event.event->topic(), event.event->sequence);
        for (std::size_t kind = 0; kind < accounted.size(); ++kind) {
            EXPECT_EQ(accounted[kind].size(), store.figures().topics[static_cast<Topic>(kind)].created);
            EXPECT_EQ(std::count(accounted[kind].begin(), accounted[kind].end(), false), 0);
        }
    }
}

TEST(MemoryStore, DropRangesAreBoundedAndStayExact) {
    MemoryStore store(limits(8, Overflow::drop));
    const ReaderId reader = store.add_reader("r");
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < 12; ++i) store.append(event_of(Topic::alert));
        ASSERT_TRUE(store.acknowledge(reader, store.figures().last_position));
    }
    const std::vector<DropRange> ranges = store.drops();
    EXPECT_EQ(ranges.size(), MemoryStore::kMaxDropRanges);
    std::uint64_t told = 0;
    for (const DropRange& range : ranges) told += range.last - range.first + 1;
    EXPECT_EQ(told, store.figures().total().dropped);
    store.mark_drops_told(ranges);
    EXPECT_TRUE(store.append(event_of(Topic::alert)).stored);
}

TEST(MemoryStore, AppenderAndReadersMeetFromDifferentThreads) {
    for (const Overflow overflow : {Overflow::wait, Overflow::drop}) {
        constexpr std::uint64_t kEvents = 20'000;
        MemoryStore store(limits(64, overflow));
        std::atomic<std::uint64_t> seen[2] = {};
        std::vector<std::thread> threads;
        for (std::size_t r = 0; r < 2; ++r) {
            const ReaderId reader = store.add_reader("r" + std::to_string(r));
            threads.emplace_back([&, r, reader] {
                std::vector<StoredEvent> batch;
                Position done = 0;
                while (true) {
                    const bool more = store.wait(reader, done, std::chrono::milliseconds(5000));
                    if (!more) break;
                    ASSERT_TRUE(store.read(reader, done, 16, batch));
                    for (const StoredEvent& event : batch) {
                        ASSERT_EQ(event.position, ++done);
                        ASSERT_EQ(event.event->message, "HM-1S did something");
                    }
                    seen[r] += batch.size();
                    ASSERT_TRUE(store.acknowledge(reader, done));
                }
            });
        }
        std::uint64_t stored = 0;
        for (std::uint64_t i = 0; i < kEvents; ++i) stored += store.append(samples::health_event()).stored ? 1U : 0U;
        store.close();
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(seen[0], stored);
        EXPECT_EQ(seen[1], stored);
        if (overflow == Overflow::wait) {
            EXPECT_EQ(stored, kEvents) << "a waiting store drops nothing";
        }
        expect_identities(store);
        EXPECT_EQ(store.figures().waiting_events, 0U);
    }
}

class CountingSink final : public EventSink {
  public:
    base::Status consume(std::span<const StoredEvent> batch) override {
        if (fail) return base::Error{"out.jsonl: writing failed: No space left on device"};
        count += batch.size();
        return base::Done{};
    }
    std::size_t count = 0;
    bool fail = false;
};

TEST(InlineExport, DrainsEverySinkAndLosesNothingInASmallStore) {
    MemoryStore store(limits(10, Overflow::wait));
    InlineExport inline_export(store);
    store.set_pull([&] { inline_export.drain(); });
    CountingSink a;
    CountingSink b;
    inline_export.add_sink("a", a);
    inline_export.add_sink("b", b);
    for (int i = 0; i < 1000; ++i) inline_export.append(event_of(Topic::device));
    EXPECT_TRUE(inline_export.finish());
    EXPECT_EQ(a.count, 1000U);
    EXPECT_EQ(b.count, 1000U);
    EXPECT_EQ(store.figures().total().acknowledged, 1000U);
}

TEST(InlineExport, AFailingSinkIsReportedAndDoesNotBlock) {
    MemoryStore store(limits(10, Overflow::wait));
    InlineExport inline_export(store, 4);
    store.set_pull([&] { inline_export.drain(); });
    CountingSink good;
    CountingSink bad;
    bad.fail = true;
    inline_export.add_sink("good", good);
    inline_export.add_sink("bad", bad);
    for (int i = 0; i < 100; ++i) inline_export.append(event_of(Topic::device));
    const base::Status status = inline_export.finish();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "out.jsonl: writing failed: No space left on device");
    EXPECT_EQ(good.count, 10U) << "what was stored before the store was full";
    EXPECT_EQ(store.figures().total().dropped, 90U) << "the rest is counted, not lost in silence";
    expect_identities(store);
}

}  // namespace
}  // namespace telltale::exporters
