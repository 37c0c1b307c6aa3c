// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/stable_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace telltale::base {
namespace {

struct Poor {  // few different hashes, so that keys of the same tag must be compared
    std::uint64_t operator()(int key) const { return std::uint64_t{static_cast<unsigned>(key) % 7U} << 40; }
};
struct Good {
    std::uint64_t operator()(int key) const { return std::uint64_t{static_cast<unsigned>(key)} * 0x9e3779b97f4a7c15U; }
};

template <typename Hash>
void equals_a_map(int keys, int steps) {
    std::mt19937 random(5);
    StableMap<int, int, Hash> map;
    std::map<int, int> model;
    std::vector<std::pair<int, const int*>> addresses;
    for (int step = 0; step < steps; ++step) {
        const int key = static_cast<int>(random() % static_cast<unsigned>(keys));
        const auto [value, fresh] = map.try_emplace(key, step);
        ASSERT_EQ(fresh, model.try_emplace(key, step).second);
        if (fresh) addresses.emplace_back(key, &value);
        ASSERT_EQ(value, model[key]);
    }
    ASSERT_EQ(map.size(), model.size());
    for (const auto& [key, address] : addresses) ASSERT_EQ(map.find(key), address);  // it grew, and they stayed
    for (int key = 0; key < keys; ++key) ASSERT_EQ(map.find(key) != nullptr, model.contains(key));
    std::size_t at = 0;
    for (const auto& [key, value] : map) ASSERT_EQ(key, addresses[at++].first);  // in the order of insertion
    map.clear();
    EXPECT_EQ(map.size(), 0U);
    EXPECT_EQ(map.find(addresses[0].first), nullptr);
    EXPECT_EQ(map[3], 0);
}

TEST(StableMap, EqualsAMap) { equals_a_map<Good>(20'000, 50'000); }
TEST(StableMap, EqualsAMapWhenHashesCollide) { equals_a_map<Poor>(300, 2'000); }

}  // namespace
}  // namespace telltale::base
