// SPDX-License-Identifier: Apache-2.0
// The contract of every store: what is dropped and what is refused for good.
#include <algorithm>

#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {

using model::Dataset;
using model::Topic;

TEST_P(StoreContract, RefusedEventsAreDeadOnceEveryReaderIsPastThem) {
    const auto store = open(kMany);
    const ReaderId a = store->add_reader("a");
    const ReaderId b = store->add_reader("b");
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    EXPECT_TRUE(store->reject(a, Topic::alert, 2, "too large"));
    EXPECT_FALSE(store->reject(a, Topic::alert, 4, "not there"));
    EXPECT_FALSE(store->reject(a, Topic::device, 2, "of another topic"));
    EXPECT_TRUE(store->acknowledge(a, Topic::alert, 3));
    EXPECT_FALSE(store->reject(a, Topic::alert, 2, "it is done with it"));
    EXPECT_EQ(store->figures().total().dead, 0U);
    EXPECT_TRUE(store->acknowledge(b, Topic::alert, 3));
    EXPECT_EQ(store->figures().total().dead, 1U);
    EXPECT_EQ(store->figures().total().acknowledged, 2U);
    ASSERT_EQ(store->dead_events().size(), 1U);
    EXPECT_EQ(store->dead_events()[0].reason, "too large");
    EXPECT_EQ(store->dead_events()[0].envelope->json, "telltale.alert 2");
    expect_identities(*store);
}

TEST_P(StoreContract, TheListOfDeadEventsIsBoundedAndSaysSo) {
    constexpr std::size_t kDead = EventStore::kMaxDeadEvents + 2;
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    for (std::size_t i = 1; i <= kDead; ++i) {
        append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->reject(reader, Topic::alert, i, "reason " + std::to_string(i)));
        EXPECT_EQ(store->figures().dead_forgotten, i - std::min(i, EventStore::kMaxDeadEvents));
    }
    const std::vector<DeadEvent> dead = store->dead_events();
    ASSERT_EQ(dead.size(), EventStore::kMaxDeadEvents);
    EXPECT_EQ(dead.front().envelope->sequence, 3U) << "the oldest went first";
    EXPECT_EQ(dead.front().reason, "reason 3");
    EXPECT_EQ(dead.back().envelope->sequence, kDead);
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, kDead));
    EXPECT_EQ(store->figures().total().dead, kDead) << "the figure forgets none";
    expect_identities(*store);
}

TEST_P(StoreContract, DropsTheNewestByDatasetAndNamesTheRanges) {
    const auto store = open(100);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 75; ++i) ASSERT_TRUE(append_one(*store, Dataset::destination).stored);
    EXPECT_FALSE(append_one(*store, Dataset::destination).stored);
    EXPECT_EQ(append_one(*store, Dataset::destination).sequence, 77U) << "a dropped event uses its number up";
    EXPECT_TRUE(append_one(*store, Dataset::device).stored) << "devices have more room";
    for (int i = 0; i < 100; ++i) append_one(*store, Dataset::alert);
    EXPECT_EQ(store->figures().total().waiting, 100U);
    EXPECT_EQ(store->drops(),
              (std::vector<DropRange>{{Topic::destination, 76, 77, false}, {Topic::alert, 25, 100, false}}));

    EXPECT_TRUE(store->acknowledge(reader, Topic::destination, 30));
    EXPECT_FALSE(append_one(*store, Dataset::destination).stored) << "it goes on until 7/8 of its share";
    EXPECT_TRUE(store->acknowledge(reader, Topic::destination, 40));
    EXPECT_EQ(append_one(*store, Dataset::destination).sequence, 79U);
    EXPECT_EQ(store->drops().front(), (DropRange{Topic::destination, 76, 78, false}));
    store->mark_drops_told(std::vector<DropRange>{{Topic::destination, 76, 77, false}});
    EXPECT_EQ(store->drops().front(), (DropRange{Topic::destination, 78, 78, false}))
        << "what grew since is still untold";
    expect_identities(*store);
}

TEST_P(StoreContract, DropRangesAreBoundedAndStayExact) {
    const auto store = open(8);
    const ReaderId reader = store->add_reader("r");
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < 12; ++i) append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->acknowledge(reader, Topic::alert, store->last_position()));
    }
    const std::vector<DropRange> ranges = store->drops();
    EXPECT_EQ(ranges.size(), EventStore::kMaxDropRanges);
    std::uint64_t dropped = 0;
    for (const DropRange& range : ranges) dropped += range.last - range.first + 1;
    EXPECT_EQ(dropped, store->figures().total().dropped);
    store->mark_drops_told(ranges);
    EXPECT_TRUE(append_one(*store, Dataset::alert).stored);
}

TEST_P(StoreContract, DropsAreNamedUntilTheyAreTold) {
    const auto store = open(2);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 2));
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    const std::vector<DropRange> ranges{{Topic::alert, 3, 3, false}, {Topic::alert, 6, 6, false}};
    EXPECT_EQ(store->drops(), ranges);
    EXPECT_EQ(store->drops(), ranges) << "asking changes nothing";
    store->mark_drops_told(
        std::vector<DropRange>{{Topic::alert, 3, 3, true}, {Topic::device, 3, 3, false}, {Topic::alert, 4, 9, false}});
    EXPECT_EQ(store->drops(), ranges) << "these are of another boot, of another topic, and unknown";
    store->mark_drops_told(std::vector<DropRange>{ranges[0]});
    EXPECT_EQ(store->drops(), std::vector<DropRange>{ranges[1]});
    append_one(*store, Dataset::alert);
    store->mark_drops_told(std::vector<DropRange>{ranges[1]});
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 7, 7, false}})) << "dropped since that report";
    EXPECT_EQ(store->figures().total().dropped, 3U) << "it is lost, reported or not";
    expect_identities(*store);
}

}  // namespace telltale::exporters
