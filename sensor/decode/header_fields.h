// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "sensor/base/byte_reader.h"

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

template <std::size_t kOffset, std::size_t kSize>
std::uint32_t be24(Header<kSize> header) {
    static_assert(kOffset + 3 <= kSize);
    return static_cast<std::uint32_t>(base::integer_at(header, kOffset, 3));
}

// For pseudo headers, which are in the byte order of a little-endian host.
template <std::size_t kOffset, std::size_t kSize>
std::uint16_t le16(Header<kSize> header) {
    return __builtin_bswap16(be16<kOffset>(header));
}
template <std::size_t kOffset, std::size_t kSize>
std::uint32_t le32(Header<kSize> header) {
    return __builtin_bswap32(be32<kOffset>(header));
}

}  // namespace telltale::decode
