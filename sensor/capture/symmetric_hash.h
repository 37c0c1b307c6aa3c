// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace telltale::capture {

inline constexpr std::size_t kMostKeyBytes = 64;
inline constexpr std::size_t kMostTableGroups = 32;  // of 64 entries

// A Toeplitz key that repeats every 16 bits. In the hash's input, source and destination addresses are 32 bits apart
// and ports 16 bits. With this key, swapping them does not change the hash, so both directions of a flow reach one
// queue (Woo and Park, Scalable TCP session monitoring with symmetric receive-side scaling, 2012).
constexpr std::array<std::uint8_t, kMostKeyBytes> symmetric_key() {
    std::array<std::uint8_t, kMostKeyBytes> key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = i % 2 == 0 ? 0x6d : 0x5a;
    return key;
}

}  // namespace telltale::capture
