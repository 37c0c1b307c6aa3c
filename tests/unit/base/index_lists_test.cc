// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/index_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <list>
#include <random>
#include <vector>

namespace telltale::base {
namespace {

std::vector<std::uint32_t> drained(IndexLists lists, std::uint32_t list) {
    std::vector<std::uint32_t> items;
    for (std::uint32_t item = lists.front(list); item != kNoIndex; item = lists.front(list)) {
        items.push_back(item);
        lists.remove(item);
    }
    return items;
}

TEST(IndexLists, KeepsOrderAndBelongsToOneList) {
    IndexLists lists(5, 2);
    EXPECT_TRUE(lists.empty(0));
    EXPECT_EQ(lists.front(0), kNoIndex);
    lists.push_back(0, 3);
    lists.push_back(0, 1);
    lists.push_front(0, 4);
    lists.push_back(1, 0);
    EXPECT_EQ(drained(lists, 0), (std::vector<std::uint32_t>{4, 3, 1}));
    EXPECT_EQ(drained(lists, 1), (std::vector<std::uint32_t>{0}));
    EXPECT_FALSE(lists.linked(2));
    lists.remove(3);
    lists.remove(3);  // in no list: nothing happens
    EXPECT_EQ(drained(lists, 0), (std::vector<std::uint32_t>{4, 1}));
}

TEST(IndexLists, RandomOperationsEqualAModelOfVectors) {
    constexpr std::uint32_t kItems = 40;
    constexpr std::uint32_t kLists = 3;
    std::mt19937 random(7);
    IndexLists lists(kItems, kLists);
    std::array<std::list<std::uint32_t>, kLists> model;
    const auto take_out = [&](std::uint32_t item) {
        for (auto& list : model) list.remove(item);
    };
    for (int step = 0; step < 5000; ++step) {
        const std::uint32_t item = static_cast<std::uint32_t>(random() % kItems);
        const std::uint32_t list = static_cast<std::uint32_t>(random() % kLists);
        const std::uint32_t other = (list + 1) % kLists;
        switch (random() % 8) {
            case 0:
                lists.splice(list, other);
                model[list].splice(model[list].end(), model[other]);
                break;
            case 1:
            case 2:
                lists.remove(item);
                take_out(item);
                break;
            case 3:
                lists.remove(item);
                take_out(item);
                lists.push_front(list, item);
                model[list].push_front(item);
                break;
            default:
                lists.remove(item);
                take_out(item);
                lists.push_back(list, item);
                model[list].push_back(item);
        }
        if (step % 50 != 0) continue;
        for (std::uint32_t i = 0; i < kLists; ++i) {
            ASSERT_THAT(drained(lists, i), ::testing::ElementsAreArray(model[i])) << "step " << step;
        }
    }
}

}  // namespace
}  // namespace telltale::base
