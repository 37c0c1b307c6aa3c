// SPDX-License-Identifier: Apache-2.0
#include "tests/support/bytes.h"

#include <stdexcept>

namespace telltale::support {
namespace {

int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

}  // namespace

Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

Bytes from_hex(std::string_view text) {
    Bytes bytes;
    int high = -1;
    for (const char character : text) {
        const bool separator = character == ' ' || character == ':' || character == '\n';
        if (separator && high < 0) continue;
        const int value = digit_value(character);
        if (value < 0) throw std::invalid_argument("not hexadecimal: " + std::string(text));
        if (high < 0) {
            high = value;
        } else {
            bytes.push_back(static_cast<std::uint8_t>(high * 16 + value));
            high = -1;
        }
    }
    if (high >= 0) throw std::invalid_argument("half a byte: " + std::string(text));
    return bytes;
}

Bytes operator+(Bytes left, std::span<const std::uint8_t> right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

ByteWriter& ByteWriter::u8(std::uint32_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
}

ByteWriter& ByteWriter::u16(std::uint32_t value) { return u8(value >> 8).u8(value); }

ByteWriter& ByteWriter::u24(std::uint32_t value) { return u8(value >> 16).u16(value); }

ByteWriter& ByteWriter::u32(std::uint32_t value) { return u16(value >> 16).u16(value); }

ByteWriter& ByteWriter::u64(std::uint64_t value) {
    return u32(static_cast<std::uint32_t>(value >> 32)).u32(static_cast<std::uint32_t>(value));
}

ByteWriter& ByteWriter::raw(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

ByteWriter& ByteWriter::text(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
}

ByteWriter& ByteWriter::zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
}

ByteWriter& ByteWriter::pad_to(std::size_t size, std::uint8_t fill) {
    if (bytes_.size() < size) bytes_.resize(size, fill);
    return *this;
}

std::size_t ByteWriter::open(std::size_t width) {
    zeros(width);
    return bytes_.size();
}

void ByteWriter::close(std::size_t mark, std::size_t width) {
    std::size_t length = bytes_.size() - mark;
    for (std::size_t i = 1; i <= width; ++i, length >>= 8) bytes_.at(mark - i) = static_cast<std::uint8_t>(length);
}

void ByteWriter::patch_u16(std::size_t position, std::uint32_t value) {
    bytes_.at(position) = static_cast<std::uint8_t>(value >> 8);
    bytes_.at(position + 1) = static_cast<std::uint8_t>(value);
}

}  // namespace telltale::support
