// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/ordered_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "exporters/store/memory_store.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {
namespace {

using model::Dataset;

Dataset any_dataset(std::mt19937& random) { return static_cast<Dataset>(random() % base::kCount<Dataset>); }

TEST(OrderedReader, TakesAllTopicsInTheOrderOfStoring) {
    MemoryStore store({1'000'000, 1U << 30}, Overflow::drop);
    OrderedReader reader(store, "r");
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) append_one(store, any_dataset(random));
    std::vector<StoredEnvelope> batch;
    Position last = 0;
    while (*reader.read(1 + random() % 40, batch) != 0) {
        for (const StoredEnvelope& envelope : batch) ASSERT_EQ(envelope->position, ++last);
        if (random() % 3 == 0) {
            ASSERT_TRUE(reader.acknowledge());
            EXPECT_EQ(reader.lag(), 500U - last);
        }
    }
    EXPECT_EQ(last, 500U);
    ASSERT_TRUE(reader.acknowledge());
    EXPECT_EQ(reader.lag(), 0U);
    EXPECT_EQ(store.figures().total().acknowledged, 500U);
}

TEST(OrderedReader, ReadsAgainWhatWasNotAcknowledged) {
    MemoryStore store({1'000'000, 1U << 30}, Overflow::drop);
    OrderedReader reader(store, "r");
    for (int i = 0; i < 4; ++i) append_one(store, i % 2 == 0 ? Dataset::device : Dataset::alert);
    std::vector<StoredEnvelope> batch;
    ASSERT_EQ(*reader.read(2, batch), 2U);
    ASSERT_TRUE(reader.acknowledge());
    ASSERT_EQ(*reader.read(2, batch), 2U);
    reader.rewind();
    ASSERT_EQ(*reader.read(9, batch), 2U);
    EXPECT_EQ(batch.front()->position, 3U);
}

TEST(OrderedReader, KeepsTheOrderWhileEventsCome) {
    MemoryStore store({1'000'000, 1U << 30}, Overflow::drop);
    OrderedReader reader(store, "r");
    constexpr Position kEvents = 20'000;
    std::thread appender([&] {
        std::mt19937 random(2);
        for (Position i = 0; i < kEvents; ++i) append_one(store, any_dataset(random));
    });
    std::vector<StoredEnvelope> batch;
    for (Position last = 0; last < kEvents;) {
        ASSERT_TRUE(reader.read(64, batch));
        for (const StoredEnvelope& envelope : batch) ASSERT_EQ(envelope->position, ++last);
        ASSERT_TRUE(reader.acknowledge());
        if (batch.empty()) reader.wait(std::chrono::milliseconds(100));
    }
    appender.join();
}

}  // namespace
}  // namespace telltale::exporters
