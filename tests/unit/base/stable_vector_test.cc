// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/stable_vector.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace telltale::base {
namespace {

TEST(StableVector, EqualsAVectorAndItemsStayWhereTheyAre) {
    StableVector<std::string> items;
    std::vector<std::string> model;
    std::vector<const std::string*> places;
    EXPECT_EQ(items.size(), 0U);
    for (int i = 0; i < 5000; ++i) {
        model.push_back(std::to_string(i) + " in some chunk or other");
        places.push_back(&items.emplace_back(model.back()));
    }
    ASSERT_EQ(items.size(), model.size());
    for (std::size_t i = 0; i < model.size(); ++i) {
        ASSERT_EQ(items[i], model[i]);
        ASSERT_EQ(&items[i], places[i]);
    }
    std::size_t at = 0;
    const StableVector<std::string>& seen = items;
    for (const std::string& item : seen) ASSERT_EQ(item, model[at++]);
    EXPECT_EQ(at, model.size());
    for (std::string& item : items) item.clear();
    EXPECT_EQ(items[4321], "");
}

TEST(StableVector, DestroysWhatItHeld) {
    const auto counted = std::make_shared<int>(0);
    {
        StableVector<std::shared_ptr<int>> items;
        for (int i = 0; i < 3000; ++i) items.emplace_back(counted);
        items.clear();
        EXPECT_EQ(counted.use_count(), 1);
        EXPECT_EQ(items.size(), 0U);
        for (int i = 0; i < 3; ++i) items.emplace_back(counted);
        EXPECT_EQ(counted.use_count(), 4);
    }
    EXPECT_EQ(counted.use_count(), 1);
}

TEST(StableVector, HoldsItemsThatAreLargerThanAChunk) {
    StableVector<std::array<char, 40'000>> items;
    items.emplace_back()[39'999] = 'a';
    items.emplace_back()[39'999] = 'b';
    EXPECT_EQ(items[0][39'999], 'a');
    EXPECT_EQ(items[1][39'999], 'b');
}

}  // namespace
}  // namespace telltale::base
