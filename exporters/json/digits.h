// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace telltale::json {

inline constexpr std::size_t kMaxDigits = 20;

namespace detail {

inline constexpr std::array<char, 200> kPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i] = static_cast<char>('0' + (i % 2 == 0 ? i / 20 : i / 2 % 10));
    }
    return pairs;
}();

inline constexpr std::array<std::uint64_t, kMaxDigits> kPowersOfTen = [] {
    std::array<std::uint64_t, kMaxDigits> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

}  // namespace detail

// Writes two digits of a number below 100.
inline void put_pair(char* at, std::uint64_t value) { std::memcpy(at, &detail::kPairs[value * 2], 2); }

// Returns how many decimal digits a number has that is not 0.
constexpr std::size_t count_digits(std::uint64_t value) {
    // 1233 / 4096 is log10(2), near enough for 64 bits ("Hacker's Delight", section 11-4).
    const auto guess = static_cast<std::size_t>(std::bit_width(value)) * 1233 >> 12;
    return guess + (value >= detail::kPowersOfTen[guess] ? 1 : 0);
}

// Writes a number in decimal. Returns the end. `at` has room for kMaxDigits.
inline char* put_digits(char* at, std::uint64_t value) {
    if (value < 10) {
        *at = static_cast<char>('0' + value);
        return at + 1;
    }
    char* const end = at + count_digits(value);
    char* first = end;
    for (; value >= 100; value /= 100) put_pair(first -= 2, value % 100);
    if (first - at == 2) {
        put_pair(at, value);
    } else {
        *at = static_cast<char>('0' + value);
    }
    return end;
}

}  // namespace telltale::json
