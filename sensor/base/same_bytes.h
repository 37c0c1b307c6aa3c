// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace telltale::base {

// Returns whether two small values of plain data without padding are equal. Compares word by word, which costs less
// than the call of memcmp() that a defaulted comparison of arrays becomes.
template <typename T>
[[nodiscard]] bool same_bytes(const T& left, const T& right) {
    static_assert(std::has_unique_object_representations_v<T>);
    constexpr std::size_t kWords = (sizeof(T) + 7) / 8;
    std::array<std::uint64_t, kWords> mine, theirs;
    mine.back() = theirs.back() = 0;
    std::memcpy(mine.data(), &left, sizeof left);
    std::memcpy(theirs.data(), &right, sizeof right);
    std::uint64_t different = 0;
    for (std::size_t i = 0; i < kWords; ++i) different |= mine[i] ^ theirs[i];
    return different == 0;
}

}  // namespace telltale::base
