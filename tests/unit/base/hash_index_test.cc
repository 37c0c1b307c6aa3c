// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/hash_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace telltale::base {
namespace {

TEST(HashIndex, FindsByTagAndFullCompare) {
    HashIndex index(4);
    const auto is = [](std::uint32_t wanted) { return [wanted](std::uint32_t item) { return item == wanted; }; };
    index.insert(5, 0);
    index.insert(5, 1);  // the same tag, another key
    EXPECT_EQ(index.find(5, is(0)), 0U);
    EXPECT_EQ(index.find(5, is(1)), 1U);
    EXPECT_EQ(index.find(5, is(2)), kNoIndex);
    EXPECT_EQ(index.find(6, is(0)), kNoIndex);
    EXPECT_TRUE(index.erase(5, 0));
    EXPECT_FALSE(index.erase(5, 0));
    EXPECT_EQ(index.find(5, is(1)), 1U);
    EXPECT_EQ(index.size(), 1U);
}

// Few different tags, some at the table's end: long probe sequences that wrap, and deletions in their middle.
TEST(HashIndex, RandomOperationsEqualAMap) {
    constexpr std::uint32_t kItems = 48;
    std::mt19937 random(11);
    HashIndex index(kItems);
    std::map<std::uint32_t, std::uint32_t> tag_of;  // item -> tag
    for (int step = 0; step < 20000; ++step) {
        const std::uint32_t item = static_cast<std::uint32_t>(random() % kItems);
        if (const auto found = tag_of.find(item); found != tag_of.end()) {
            ASSERT_TRUE(index.erase(found->second, item));
            tag_of.erase(found);
        } else {
            const std::uint32_t tag = static_cast<std::uint32_t>(random() % 24) + 120;
            index.insert(tag, item);
            tag_of[item] = tag;
        }
        for (const auto& [known, tag] : tag_of) {
            ASSERT_EQ(index.find(tag, [known = known](std::uint32_t i) { return i == known; }), known) << step;
        }
        ASSERT_EQ(index.size(), tag_of.size());
    }
}

}  // namespace
}  // namespace telltale::base
