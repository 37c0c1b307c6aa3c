// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/store_books.h"

#include <gtest/gtest.h>

#include "exporters/store/memory_store.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {
namespace {

using model::Dataset;
using model::Topic;

StoredEnvelope dead_envelope(Topic topic, Position position) {
    Envelope envelope;
    envelope.dataset = topic == Topic::alert ? Dataset::alert : Dataset::device;
    envelope.position = position;
    return std::make_shared<const Envelope>(std::move(envelope));
}

// As a store with tables restores them: nothing that nobody waits for any more is in them.
TEST(StoreBooks, AreRestoredFromWhatIsLeft) {
    StoreBooks books({10, 1000}, Overflow::drop);
    books.go_on_after(99);
    const ReaderId a = books.add_reader("a");
    const ReaderId b = books.add_reader("b");
    EXPECT_TRUE(books.add(Topic::alert, 41, {90, 100, 7, true}));
    EXPECT_TRUE(books.add(Topic::alert, 42, {95, 150, 8, false}));
    ASSERT_TRUE(books.acknowledge(a, Topic::alert, 95));
    ASSERT_TRUE(books.acknowledge(b, Topic::alert, 89));
    ASSERT_TRUE(books.acknowledge(a, Topic::device, 99)) << "of a topic of which nothing is left";
    books.drop({Topic::alert, 43, 45, false});
    books.bury({a, dead_envelope(Topic::device, 3), "too large"});
    LastSequences last;
    last[Topic::device] = 17;
    last[Topic::alert] = 42;
    books.begin_boot(last);

    EXPECT_EQ(books.last_position(), 99U);
    EXPECT_EQ(books.next_sequence(Topic::alert), 1U);
    EXPECT_EQ(books.last_boot()->begin()[0], 17U);
    EXPECT_EQ(books.drops(), (std::vector<DropRange>{{Topic::alert, 43, 45, true}}));
    EXPECT_EQ(books.dead().size(), 1U);
    const LogFigures alerts = books.figures().topics[Topic::alert];
    EXPECT_EQ(alerts.created, 2U);
    EXPECT_EQ(alerts.stored, 2U);
    EXPECT_EQ(alerts.dropped, 0U) << "of the boot before";
    EXPECT_EQ(alerts.waiting_bytes, 250U);
    EXPECT_EQ(alerts.oldest_created_ns, 7);

    EXPECT_FALSE(books.has_readers()) << "they have to come again";
    EXPECT_EQ(books.add_reader("b"), b);
    EXPECT_EQ(books.place(b, Topic::alert), 89U);
    EXPECT_EQ(books.lag(b, Topic::alert), 2U);
    EXPECT_TRUE(books.add(Topic::alert, 1, {100, 10, 9, false}));
    ASSERT_TRUE(books.acknowledge(b, Topic::alert, 95));
    EXPECT_EQ(books.released(Topic::alert), 95U) << "reader a did not come again";
    const LogFigures after = books.figures().topics[Topic::alert];
    EXPECT_EQ(after.dead, 1U);
    EXPECT_EQ(after.acknowledged, 1U);
    EXPECT_EQ(after.waiting, 1U);
}

// Events of both boots count for the limits; the ranges of the boot before do not count for this one's.
TEST(StoreBooks, ABootHasAllOfItsRangesAndWhatRoomIsLeft) {
    StoreBooks books({2, 1000}, Overflow::drop);
    books.add_reader("r");
    for (std::uint64_t i = 0; i < EventStore::kMaxDropRanges; ++i)
        books.drop({Topic::alert, 2 * i + 1, 2 * i + 1, false});
    EXPECT_EQ(books.drops().size(), EventStore::kMaxDropRanges);
    EXPECT_TRUE(books.refuses(Dataset::alert, 1));
    books.add(Topic::alert, 1000, {1, 10, 7, false});
    books.begin_boot(books.last_stored());
    books.add_reader("r");
    EXPECT_FALSE(books.refuses(Dataset::alert, 1));
    books.add(Topic::alert, 1, {2, 10, 7, false});
    EXPECT_TRUE(books.refuses(Dataset::alert, 1));
    books.begin_boot(books.last_stored());
    EXPECT_EQ(books.drops().size(), 0U) << "of the boot before the last one nobody asks any more";
}

// Its disk fails now and then.
class FailingStore final : public MemoryStore {
  public:
    FailingStore() : MemoryStore({100, 1U << 20}, Overflow::drop) {}
    bool fails = false;

  protected:
    Kept keep(const StoredEnvelope& envelope) override { return fails ? Kept::no : MemoryStore::keep(envelope); }
};

TEST(BookedStore, AnEventThatCannotBeKeptIsDroppedAndTold) {
    FailingStore store;
    const ReaderId reader = store.add_reader("r");
    EXPECT_TRUE(append_one(store, Dataset::alert).stored);
    store.fails = true;
    EXPECT_FALSE(append_one(store, Dataset::alert).stored);
    store.fails = false;
    EXPECT_TRUE(append_one(store, Dataset::alert).stored);
    EXPECT_EQ(store.drops(), (std::vector<DropRange>{{Topic::alert, 2, 2, false}}));
    EXPECT_EQ(texts(store, reader, Topic::alert), (std::vector<std::string>{"telltale.alert 1", "telltale.alert 3"}));
    EXPECT_EQ(store.last_position(), 2U) << "it has no position";
    expect_identities(store);
}

TEST(StoreLimits, PartsAreRoundedDownAndDoNotOverflow) {
    const StoreLimits part = StoreLimits{7, static_cast<std::size_t>(-1)}.part(95, 100);
    EXPECT_EQ(part.max_events, 6U);
    EXPECT_EQ(part.max_bytes, static_cast<std::size_t>(-1) / 100 * 95 + static_cast<std::size_t>(-1) % 100 * 95 / 100);
}

}  // namespace
}  // namespace telltale::exporters
