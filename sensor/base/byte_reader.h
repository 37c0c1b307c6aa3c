// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace telltale::base {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The integer at an offset, in network order unless the name says `le`; 0 if the bytes do not hold all of it. For a
// look at bytes before they are parsed.
constexpr std::uint64_t integer_at(Bytes bytes, std::size_t offset, std::size_t size) {
    if (offset > bytes.size() || size > bytes.size() - offset) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[offset + i];
    return value;
}
constexpr std::uint8_t u8_at(Bytes bytes, std::size_t offset) { return offset < bytes.size() ? bytes[offset] : 0; }
constexpr std::uint16_t u16_at(Bytes bytes, std::size_t offset) {
    return static_cast<std::uint16_t>(integer_at(bytes, offset, 2));
}
constexpr std::uint32_t u24_at(Bytes bytes, std::size_t offset) {
    return static_cast<std::uint32_t>(integer_at(bytes, offset, 3));
}
constexpr std::uint32_t u32_at(Bytes bytes, std::size_t offset) {
    return static_cast<std::uint32_t>(integer_at(bytes, offset, 4));
}
constexpr std::uint16_t le_u16_at(Bytes bytes, std::size_t offset) { return __builtin_bswap16(u16_at(bytes, offset)); }
constexpr std::uint32_t le_u32_at(Bytes bytes, std::size_t offset) { return __builtin_bswap32(u32_at(bytes, offset)); }

// Reads hostile bytes from front to back. Borrows them and copies nothing. A read that does not fit fails and leaves
// its output unchanged. Every later read fails too, so a parser may check once after several reads. Multi-byte integers
// are in network order (big endian) unless the name says `le`. Header-only, because it runs per field.
class ByteReader {
  public:
    constexpr ByteReader() = default;
    explicit constexpr ByteReader(Bytes bytes) : cursor_(bytes.data()), left_(bytes.size()) {}

    [[nodiscard]] constexpr bool failed() const { return failed_; }
    [[nodiscard]] constexpr std::size_t remaining() const { return left_; }
    [[nodiscard]] constexpr bool empty() const { return left_ == 0; }
    [[nodiscard]] constexpr Bytes rest() const { return {cursor_, left_}; }

    [[nodiscard]] constexpr bool read_u8(std::uint8_t& out) { return read_integer<1>(out); }
    [[nodiscard]] constexpr bool read_u16(std::uint16_t& out) { return read_integer<2>(out); }
    [[nodiscard]] constexpr bool read_u24(std::uint32_t& out) { return read_integer<3>(out); }
    [[nodiscard]] constexpr bool read_u32(std::uint32_t& out) { return read_integer<4>(out); }
    [[nodiscard]] constexpr bool read_u64(std::uint64_t& out) { return read_integer<8>(out); }

    // An integer of 1 to 8 bytes.
    [[nodiscard]] constexpr bool read_integer(std::size_t size, std::uint64_t& out) {
        if (!take(size)) return false;
        out = integer_at({cursor_ - size, size}, 0, size);
        return true;
    }

    [[nodiscard]] constexpr bool read_le_u16(std::uint16_t& out) {
        std::uint16_t value = 0;
        if (!read_u16(value)) return false;
        out = static_cast<std::uint16_t>((value >> 8) | (value << 8));
        return true;
    }
    [[nodiscard]] constexpr bool read_le_u32(std::uint32_t& out) {
        std::uint32_t value = 0;
        if (!read_u32(value)) return false;
        out = __builtin_bswap32(value);
        return true;
    }

    [[nodiscard]] constexpr bool read_le_u64(std::uint64_t& out) {
        std::uint64_t value = 0;
        if (!read_u64(value)) return false;
        out = __builtin_bswap64(value);
        return true;
    }

    // Borrows the next `size` bytes.
    [[nodiscard]] constexpr bool read_bytes(std::size_t size, Bytes& out) {
        if (!take(size)) return false;
        out = {cursor_ - size, size};
        return true;
    }

    // Returns a reader of the next `size` bytes, so that a nested length cannot read past its parent.
    [[nodiscard]] constexpr bool read_sub(std::size_t size, ByteReader& out) {
        Bytes bytes;
        if (!read_bytes(size, bytes)) return false;
        out = ByteReader(bytes);
        return true;
    }
    // Returns a sub-reader of the bytes that follow their length, which has 1, 2 or 3 bytes.
    [[nodiscard]] constexpr bool read_sub_u8(ByteReader& out) {
        std::uint8_t size = 0;
        return read_u8(size) && read_sub(size, out);
    }
    [[nodiscard]] constexpr bool read_sub_u16(ByteReader& out) {
        std::uint16_t size = 0;
        return read_u16(size) && read_sub(size, out);
    }
    [[nodiscard]] constexpr bool read_sub_u24(ByteReader& out) {
        std::uint32_t size = 0;
        return read_u24(size) && read_sub(size, out);
    }

    [[nodiscard]] constexpr bool skip(std::size_t size) { return take(size); }

    // Returns the next byte without consuming it; 0 at the end.
    [[nodiscard]] constexpr std::uint8_t peek() const { return left_ == 0 ? std::uint8_t{0} : *cursor_; }

  private:
    constexpr bool take(std::size_t size) {
        if (failed_ || size > left_) {
            failed_ = true;
            left_ = 0;
            return false;
        }
        cursor_ += size;
        left_ -= size;
        return true;
    }

    template <std::size_t kSize, typename Integer>
    constexpr bool read_integer(Integer& out) {
        static_assert(kSize <= sizeof(Integer));
        if (!take(kSize)) return false;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < kSize; ++i) value = (value << 8) | *(cursor_ - kSize + i);
        out = static_cast<Integer>(value);
        return true;
    }

    const std::uint8_t* cursor_ = nullptr;
    std::size_t left_ = 0;
    bool failed_ = false;
};

}  // namespace telltale::base
