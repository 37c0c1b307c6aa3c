// SPDX-License-Identifier: Apache-2.0
// The contract of every store that evicts old events for new ones.
#include <map>
#include <random>

#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {

using model::Dataset;
using model::Topic;
using Texts = std::vector<std::string>;

TEST_P(StoreContract, EvictsTheOldestOfTheLeastWorthyTopic) {
    const auto store = open(10, Overflow::evict);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(append_one(*store, Dataset::transfer).stored);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(append_one(*store, Dataset::destination).stored);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(append_one(*store, Dataset::alert).stored) << "it has no share but the whole";
    ASSERT_TRUE(append_one(*store, Dataset::alert).stored);
    EXPECT_EQ(texts(*store, reader, Topic::destination), (Texts{"telltale.destination 2", "telltale.destination 3"}));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(append_one(*store, Dataset::alert).stored);
    EXPECT_EQ(texts(*store, reader, Topic::destination), Texts{});
    EXPECT_EQ(texts(*store, reader, Topic::transfer).front(), "telltale.transfer 2");
    EXPECT_EQ(texts(*store, reader, Topic::alert).size(), 7U);
    EXPECT_EQ(store->lag(reader, Topic::transfer), 3U);
    EXPECT_EQ(store->drops(),
              (std::vector<DropRange>{{Topic::destination, 1, 3, false, true}, {Topic::transfer, 1, 1, false, true}}));
    EXPECT_EQ(store->figures().topics[Topic::destination].evicted, 3U);
    EXPECT_EQ(store->figures().total().dropped, 0U);
    expect_identities(*store);

    for (int i = 0; i < 3; ++i) ASSERT_TRUE(append_one(*store, Dataset::alert).stored);
    EXPECT_FALSE(append_one(*store, Dataset::transfer).stored) << "nothing is left that is worth as little";
    EXPECT_EQ(append_one(*store, Dataset::alert).sequence, 11U);
    EXPECT_EQ(texts(*store, reader, Topic::alert).front(), "telltale.alert 2") << "its own topic's oldest";
    const std::vector<DropRange> ranges = store->drops();
    EXPECT_EQ(ranges, (std::vector<DropRange>{{Topic::destination, 1, 3, false, true},
                                              {Topic::transfer, 1, 4, false, true},
                                              {Topic::transfer, 5, 5, false, false},
                                              {Topic::alert, 1, 1, false, true}}));
    store->mark_drops_told(ranges);
    EXPECT_TRUE(store->drops().empty());
    EXPECT_TRUE(store->acknowledge(reader, Topic::alert, 1)) << "what a reader had under way is no error";
    expect_identities(*store);
}

TEST_P(StoreContract, EvictsUntilALargeEventHasRoom) {
    const auto store = open(kMany, Overflow::evict, 1000);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(append_one(*store, Dataset::transfer, 80).stored);
    ASSERT_TRUE(append_one(*store, Dataset::alert, 700).stored);
    EXPECT_LE(store->figures().total().waiting_bytes, 1000U);
    EXPECT_EQ(texts(*store, reader, Topic::transfer).size(), 2U);
    ASSERT_TRUE(append_one(*store, Dataset::alert, 5000).stored) << "an empty store takes an event of any size";
    EXPECT_EQ(store->figures().total().waiting, 1U);
    expect_identities(*store);
}

TEST_P(StoreContract, EvictionsOfTheLastBootAreToldAsSuch) {
    {
        const auto store = open(4, Overflow::evict);
        store->add_reader("r");
        for (int i = 0; i < 5; ++i) append_one(*store, Dataset::alert);
    }
    const auto store = open(4, Overflow::evict);
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(append_one(*store, Dataset::alert).stored);
    if (!GetParam().survives_restarts) return;
    EXPECT_EQ(texts(*store, reader, Topic::alert).front(), "telltale.alert 4");
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 1, 3, true, true}}));
    EXPECT_EQ(store->figures().topics[Topic::alert].evicted, 2U) << "counted since the start";
    expect_identities(*store);
}

// Random operations: what a reader sees and what is reported are every sequence, once, and ranges stay bounded.
TEST_P(StoreContract, WhatIsEvictedOrDroppedIsToldOnce) {
    std::mt19937 random(7);
    const auto store = open(30, Overflow::evict);
    const ReaderId reader = store->add_reader("a");
    base::EnumArray<Topic, std::map<std::uint64_t, int>> seen;
    base::EnumArray<Topic, Position> place;
    const auto tell = [&] {
        const std::vector<DropRange> ranges = store->drops();
        base::EnumArray<Topic, std::size_t> of_topic;
        for (const DropRange& range : ranges) {
            EXPECT_LE(++of_topic[range.topic], EventStore::kMaxDropRanges);
            for (std::uint64_t i = range.first; i <= range.last; ++i) ++seen[range.topic][i];
        }
        store->mark_drops_told(ranges);
    };
    std::vector<StoredEnvelope> batch;
    for (int step = 0; step < 4000; ++step) {
        if (random() % 10 < 8) {
            append_one(*store, static_cast<Dataset>(random() % base::kCount<Dataset>));
        } else {
            const auto topic = static_cast<Topic>(random() % base::kCount<Topic>);
            ASSERT_TRUE(store->read(reader, topic, 0, random() % 4, batch));
            for (const StoredEnvelope& event : batch) {
                ++seen[topic][event->sequence];
                place[topic] = event->position;
            }
            ASSERT_TRUE(store->acknowledge(reader, topic, place[topic]));
        }
        if (random() % 500 == 0) tell();
        ASSERT_NO_FATAL_FAILURE(expect_identities(*store));
    }
    for (const auto topic : base::enumerators<Topic>()) {
        ASSERT_TRUE(store->read(reader, topic, 0, kMany, batch));
        for (const StoredEnvelope& event : batch) ++seen[topic][event->sequence];
    }
    tell();
    EXPECT_GT(store->figures().total().evicted, 0U);
    for (const auto topic : base::enumerators<Topic>()) {
        EXPECT_EQ(seen[topic].size(), store->figures().topics[topic].created);
        for (const auto& [sequence, times] : seen[topic]) EXPECT_EQ(times, 1) << to_string(topic) << " " << sequence;
    }
}

}  // namespace telltale::exporters
