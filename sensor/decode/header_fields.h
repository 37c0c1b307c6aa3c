// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace telltale::decode {

// A header of fixed size whose bounds were checked once; the offsets of its fields are checked by the compiler.
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

}  // namespace telltale::decode
