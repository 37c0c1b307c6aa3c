// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/store_contract.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

namespace telltale::exporters {

using model::Dataset;
using model::Topic;
using std::chrono::milliseconds;
using Texts = std::vector<std::string>;

StoreContract::StoreContract() {
    std::string name = (std::filesystem::temp_directory_path() / "telltale-store-XXXXXX").string();
    folder_ = mkdtemp(name.data());
}

StoreContract::~StoreContract() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::unique_ptr<EventStore> StoreContract::open(std::size_t max_events, Overflow overflow,
                                                std::size_t max_bytes) const {
    return GetParam().open(folder_, {max_events, max_bytes}, overflow);
}

std::string text_of(Dataset dataset, std::uint64_t sequence) {
    return std::string(to_string(dataset)) + " " + std::to_string(sequence);
}

AppendResult append_one(EventStore& store, Dataset dataset, std::size_t filling) {
    Envelope envelope;
    envelope.dataset = dataset;
    envelope.created_ns = 7;
    envelope.key = "k";
    return store.append(std::move(envelope), [=](std::uint64_t sequence, std::string& json) {
        json += text_of(dataset, sequence) + std::string(filling, '.');
    });
}

Texts texts(EventStore& store, ReaderId reader, Topic topic, Position after) {
    std::vector<StoredEnvelope> batch;
    EXPECT_TRUE(store.read(reader, topic, after, kMany, batch));
    Texts all;
    for (const StoredEnvelope& envelope : batch) all.push_back(envelope->json);
    return all;
}

void expect_identities(const EventStore& store) {
    const StoreFigures figures = store.figures();
    for (const LogFigures& log : figures.topics) {
        ASSERT_EQ(log.created, log.stored + log.dropped);
        ASSERT_EQ(log.stored, log.acknowledged + log.waiting + log.dead + log.evicted);
        ASSERT_EQ(log.waiting == 0, log.waiting_bytes == 0);
        ASSERT_EQ(log.waiting == 0, log.oldest_created_ns == 0);
    }
}

TEST_P(StoreContract, GivesSequencesByTopicAndPositionsOverAll) {
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    EXPECT_EQ(append_one(*store, Dataset::device).sequence, 1U);
    EXPECT_EQ(append_one(*store, Dataset::health).sequence, 1U);
    EXPECT_EQ(append_one(*store, Dataset::device).sequence, 2U);
    EXPECT_EQ(append_one(*store, Dataset::config).sequence, 2U) << "numbered with health";
    std::vector<StoredEnvelope> batch;
    ASSERT_EQ(*store->read(reader, Topic::health, 0, 10, batch), 2U);
    EXPECT_EQ(batch[0]->position, 2U);
    EXPECT_EQ(batch[1]->position, 4U);
    EXPECT_EQ(batch[1]->sequence, 2U);
    EXPECT_EQ(batch[1]->dataset, Dataset::config);
    EXPECT_EQ(batch[1]->key, "k");
    EXPECT_EQ(batch[1]->created_ns, 7);
    EXPECT_EQ(batch[1]->json, "telltale.config 2");
    EXPECT_EQ(store->last_position(), 4U);
    EXPECT_EQ(store->figures().topics[Topic::device].oldest_created_ns, 7);
    EXPECT_EQ(store->figures().total().oldest_created_ns, 7);
}

TEST_P(StoreContract, DeliversAgainUntilAcknowledgedByEveryReader) {
    const auto store = open(kMany);
    const ReaderId a = store->add_reader("a");
    const ReaderId b = store->add_reader("b");
    for (int i = 0; i < 5; ++i) append_one(*store, Dataset::device);
    std::vector<StoredEnvelope> batch;
    EXPECT_EQ(*store->read(a, Topic::device, 0, 2, batch), 2U);
    EXPECT_EQ(*store->read(a, Topic::device, 0, 9, batch), 5U) << "what was read is not gone";
    EXPECT_TRUE(store->acknowledge(a, Topic::device, 3));
    EXPECT_EQ(*store->read(a, Topic::device, 0, 9, batch), 2U);
    EXPECT_EQ(batch.front()->position, 4U);
    EXPECT_EQ(*store->read(a, Topic::device, 4, 9, batch), 1U);
    EXPECT_EQ(*store->read(b, Topic::device, 0, 9, batch), 5U) << "the other reader is not touched";
    EXPECT_EQ(store->lag(a, Topic::device), 2U);
    EXPECT_EQ(store->lag(b, Topic::device), 5U);
    EXPECT_EQ(store->figures().total().waiting, 5U);
    EXPECT_TRUE(store->acknowledge(b, Topic::device, 5));
    EXPECT_EQ(store->figures().total().acknowledged, 3U);
    EXPECT_TRUE(store->acknowledge(a, Topic::device, 2)) << "an old acknowledgement does nothing";
    EXPECT_FALSE(store->acknowledge(a, Topic::device, 6)) << "what was never stored cannot be acknowledged";
    expect_identities(*store);
}

TEST_P(StoreContract, NoTopicWaitsForAnother) {
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 100; ++i) append_one(*store, Dataset::transfer);
    append_one(*store, Dataset::alert);
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{"telltale.alert 1"});
    EXPECT_TRUE(store->acknowledge(reader, Topic::alert, 101));
    EXPECT_EQ(store->figures().topics[Topic::alert].acknowledged, 1U);
    EXPECT_EQ(store->figures().topics[Topic::transfer].waiting, 100U);
    EXPECT_EQ(store->lag(reader, Topic::alert), 0U);
    EXPECT_EQ(texts(*store, reader, Topic::transfer).size(), 100U);
    expect_identities(*store);
}

TEST_P(StoreContract, EveryDatasetHasRoomUpToItsShare) {
    for (const auto dataset : base::enumerators<Dataset>()) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
        const auto store = open(1000);
        store->add_reader("r");
        for (int i = 0; i < 1100; ++i) append_one(*store, dataset);
        EXPECT_EQ(store->figures().total().stored, 10U * model::kStoreShare[dataset]) << to_string(dataset);
    }
}

TEST_P(StoreContract, CountsTheBytesThatItKeeps) {
    const auto store = open(kMany, Overflow::drop, 1000);
    const ReaderId reader = store->add_reader("r");
    EXPECT_TRUE(append_one(*store, Dataset::alert, 5000).stored) << "an empty store takes an event of any size";
    EXPECT_EQ(store->figures().topics[Topic::alert].waiting_bytes, 1 + text_of(Dataset::alert, 1).size() + 5000);
    EXPECT_FALSE(append_one(*store, Dataset::alert).stored);
    EXPECT_TRUE(store->acknowledge(reader, Topic::alert, 1));
    EXPECT_EQ(store->figures().total().waiting_bytes, 0U);
    const std::size_t size = 100 - 1 - text_of(Dataset::alert, 3).size();
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(append_one(*store, Dataset::alert, size).stored);
    EXPECT_LE(store->figures().total().waiting_bytes, 1000U);
    for (int i = 0; i < 20; ++i) append_one(*store, Dataset::alert, size);
    EXPECT_LE(store->figures().total().waiting_bytes, 1000U);
    expect_identities(*store);
}

TEST_P(StoreContract, PullsWhenItIsFullAndDropsNothing) {
    const auto store = open(10, Overflow::wait);
    const ReaderId reader = store->add_reader("r");
    Texts read;
    store->set_pull([&] {
        for (const std::string& text : texts(*store, reader, Topic::device)) read.push_back(text);
        ASSERT_TRUE(store->acknowledge(reader, Topic::device, store->last_position()));
    });
    for (int i = 0; i < 95; ++i) ASSERT_TRUE(append_one(*store, Dataset::device).stored);
    for (const std::string& text : texts(*store, reader, Topic::device)) read.push_back(text);
    ASSERT_EQ(read.size(), 95U);
    EXPECT_EQ(read.back(), "telltale.device 95");
    EXPECT_EQ(store->figures().total().dropped, 0U);
    store->set_pull([] {});
    for (int i = 0; i < 20; ++i) append_one(*store, Dataset::device);
    EXPECT_GT(store->figures().total().dropped, 0U) << "a pull that makes no room";
    expect_identities(*store);
}

TEST_P(StoreContract, WaitingEndsWithAnEventWithTheTimeAndWithTheStore) {
    const auto store = open(kMany);
    store->add_reader("r");
    EXPECT_FALSE(store->wait(0, milliseconds(1)));
    append_one(*store, Dataset::device);
    EXPECT_TRUE(store->wait(0, milliseconds(0)));
    EXPECT_FALSE(store->wait(1, milliseconds(1)));
    std::thread closer([&] { store->close(); });
    EXPECT_FALSE(store->wait(1, std::chrono::seconds(30)));
    closer.join();
    EXPECT_EQ(texts(*store, 0, Topic::device).size(), 1U) << "what is kept can still be read";
    EXPECT_TRUE(store->acknowledge(0, Topic::device, 1));
}

TEST_P(StoreContract, WithoutReadersNobodyWaitsForAnEvent) {
    for (const Overflow overflow : {Overflow::drop, Overflow::wait}) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
        const auto store = open(4, overflow);
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(append_one(*store, Dataset::alert).stored);
        EXPECT_EQ(store->figures().total().acknowledged, 20U);
        EXPECT_EQ(store->last_position(), 20U);
        EXPECT_TRUE(store->wait(19, milliseconds(0)));
        expect_identities(*store);
    }
}

// An appender that waits for a reader must not outlive its service.
TEST_P(StoreContract, CloseEndsAnAppendThatWaits) {
    const auto store = open(2, Overflow::wait);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(append_one(*store, Dataset::device).stored);
    std::atomic<bool> over = false;
    AppendResult result{true, 0};
    std::thread appender([&] {
        result = append_one(*store, Dataset::device);
        over = true;
    });
    std::this_thread::sleep_for(milliseconds(50));
    EXPECT_FALSE(over) << "it waits for the reader";
    store->close();
    appender.join();
    EXPECT_FALSE(result.stored);
    EXPECT_EQ(result.sequence, 3U);
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::device, 3, 3, false}})) << "like any drop";
    EXPECT_FALSE(append_one(*store, Dataset::device).stored) << "nor does a later one wait";
    EXPECT_TRUE(store->acknowledge(reader, Topic::device, 2));
    EXPECT_TRUE(append_one(*store, Dataset::device).stored) << "but what there is room for is stored";
    expect_identities(*store);
}

TEST_P(StoreContract, AKnownReaderGoesOnWhereItWas) {
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    EXPECT_NE(store->add_reader("other"), reader);
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 2));
    EXPECT_EQ(store->add_reader("r"), reader);
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{"telltale.alert 3"});
}

// Random operations; after each the identities hold, and the sequences that a reader sees plus the reported drops are
// 1, 2, 3 ... without a hole.
TEST_P(StoreContract, IdentitiesHoldUnderRandomOperations) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
        std::mt19937 random(seed);
        const auto store = open(40);
        const ReaderId readers[] = {store->add_reader("a"), store->add_reader("b")};
        base::EnumArray<Topic, Position> seen[2];
        base::EnumArray<Topic, std::vector<bool>> accounted;
        const auto account = [&](Topic topic, std::uint64_t sequence) {
            std::vector<bool>& marks = accounted[topic];
            if (marks.size() < sequence) marks.resize(sequence);
            ASSERT_FALSE(marks[sequence - 1]) << "reported twice";
            marks[sequence - 1] = true;
        };
        const auto tell_drops = [&] {
            const std::vector<DropRange> ranges = store->drops();
            for (const DropRange& range : ranges) {
                for (std::uint64_t i = range.first; i <= range.last; ++i) account(range.topic, i);
            }
            store->mark_drops_told(ranges);
        };
        std::vector<StoredEnvelope> batch;
        const auto take = [&](std::size_t reader, Topic topic, std::size_t max) {
            ASSERT_TRUE(store->read(readers[reader], topic, seen[reader][topic], max, batch));
            for (const StoredEnvelope& envelope : batch) {
                if (reader == 0) account(topic, envelope->sequence);
                seen[reader][topic] = envelope->position;
            }
            ASSERT_TRUE(store->acknowledge(readers[reader], topic, seen[reader][topic]));
        };
        for (int step = 0; step < 3000; ++step) {
            const auto choice = random() % 100;
            if (choice < 70) {
                append_one(*store, static_cast<Dataset>(random() % base::kCount<Dataset>));
            } else if (choice < 95) {
                take(random() % 2, static_cast<Topic>(random() % base::kCount<Topic>), random() % 20);
            } else {
                tell_drops();
            }
            ASSERT_NO_FATAL_FAILURE(expect_identities(*store));
        }
        tell_drops();
        for (const auto topic : base::enumerators<Topic>()) {
            take(0, topic, kMany);
            EXPECT_EQ(accounted[topic].size(), store->figures().topics[topic].created);
            EXPECT_EQ(std::count(accounted[topic].begin(), accounted[topic].end(), false), 0);
        }
    }
}

TEST_P(StoreContract, AppenderAndReadersMeetFromDifferentThreads) {
    for (const Overflow overflow : {Overflow::wait, Overflow::drop}) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
        constexpr std::uint64_t kEvents = 5'000;
        const auto store = open(64, overflow);
        std::atomic<std::uint64_t> seen[2] = {};
        std::vector<std::thread> threads;
        for (std::size_t r = 0; r < 2; ++r) {
            const ReaderId reader = store->add_reader("r" + std::to_string(r));
            threads.emplace_back([&, r, reader] {
                std::vector<StoredEnvelope> batch;
                Position done = 0;
                while (store->wait(done, milliseconds(5000))) {
                    ASSERT_TRUE(store->read(reader, Topic::health, done, 16, batch));
                    for (const StoredEnvelope& envelope : batch) {
                        ASSERT_EQ(envelope->position, ++done);
                        ASSERT_EQ(envelope->json, text_of(Dataset::health, envelope->sequence));
                    }
                    seen[r] += batch.size();
                    ASSERT_TRUE(store->acknowledge(reader, Topic::health, done));
                }
            });
        }
        std::uint64_t stored = 0;
        for (std::uint64_t i = 0; i < kEvents; ++i) stored += append_one(*store, Dataset::health).stored ? 1U : 0U;
        store->close();
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(seen[0], stored);
        EXPECT_EQ(seen[1], stored);
        if (overflow == Overflow::wait) {
            EXPECT_EQ(stored, kEvents) << "a waiting store drops nothing";
        }
        expect_identities(*store);
        EXPECT_EQ(store->figures().total().waiting, 0U);
    }
}

}  // namespace telltale::exporters
