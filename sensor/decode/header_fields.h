// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace telltale::decode {

// A header of fixed size. Its bounds are checked once; the compiler checks the offsets of its fields.
template <std::size_t kSize>
using Header = std::span<const std::uint8_t, kSize>;

template <std::size_t kOffset, std::size_t kSize>
std::uint16_t be16(Header<kSize> header) {
    static_assert(kOffset + 2 <= kSize);
    std::uint16_t value = 0;
    std::memcpy(&value, header.data() + kOffset, sizeof value);
    return __builtin_bswap16(value);
}

template <std::size_t kOffset, std::size_t kSize>
std::uint32_t be32(Header<kSize> header) {
    static_assert(kOffset + 4 <= kSize);
    std::uint32_t value = 0;
    std::memcpy(&value, header.data() + kOffset, sizeof value);
    return __builtin_bswap32(value);
}

// For pseudo headers, which are in the byte order of a little-endian host. The caller has checked the bounds.
inline std::uint16_t le16_at(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] | at[1] << 8); }
inline std::uint32_t le32_at(const std::uint8_t* at) {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

}  // namespace telltale::decode
