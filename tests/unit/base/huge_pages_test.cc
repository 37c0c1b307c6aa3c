// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/huge_pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <new>
#include <numeric>
#include <utility>
#include <vector>

namespace telltale::base {
namespace {

template <typename T>
using Huge = std::vector<T, HugePageAllocator<T>>;

TEST(HugePages, LargePiecesBeginOnAHugePage) {
    const Huge<std::uint64_t> large(kHugePageBytes / 4);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large.data()) % kHugePageBytes, 0U);
    struct alignas(64) Line {
        char bytes[64];
    };
    const Huge<Line> small(3);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small.data()) % alignof(Line), 0U);
}

TEST(HugePages, AVectorGrowsThroughAllSizes) {
    Huge<std::uint32_t> numbers;
    constexpr std::uint32_t kNumbers = 3 * kHugePageBytes / 4;
    for (std::uint32_t i = 0; i < kNumbers; ++i) numbers.push_back(i);
    const Huge<std::uint32_t> moved = std::move(numbers);
    EXPECT_EQ(std::accumulate(moved.begin(), moved.end(), std::uint64_t{0}),
              std::uint64_t{kNumbers} * (kNumbers - 1) / 2);
}

TEST(HugePages, WhatCannotBeIsRefused) {
    HugePageAllocator<std::uint64_t> allocator;
    EXPECT_THROW(static_cast<void>(allocator.allocate(SIZE_MAX / 8)), std::bad_array_new_length);
}

TEST(HugePages, AskingIsHarmlessForAnyPiece) {
    const std::vector<char> piece(3 * kHugePageBytes, 'x');
    ask_for_huge_pages(piece.data(), 0);
    ask_for_huge_pages(piece.data() + 1, kHugePageBytes);
    ask_for_huge_pages(piece.data(), piece.size());
    EXPECT_EQ(piece.front(), 'x');
    EXPECT_EQ(piece.back(), 'x');
}

}  // namespace
}  // namespace telltale::base
