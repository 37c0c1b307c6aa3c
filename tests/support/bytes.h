// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace telltale::support {

using Bytes = std::vector<std::uint8_t>;

Bytes to_bytes(std::string_view text);
// "c2 fe 00:05" and "c2fe0005" give four bytes. Throws std::invalid_argument if the digits do not form pairs.
Bytes from_hex(std::string_view text);
Bytes operator+(Bytes left, std::span<const std::uint8_t> right);

// Appends numbers in network order to a buffer of its own. Values wider than the field lose their upper bits: tests
// write impossible values on purpose. Copyable value; no limits.
class ByteWriter {
  public:
    ByteWriter& u8(std::uint32_t value);
    ByteWriter& u16(std::uint32_t value);
    ByteWriter& u24(std::uint32_t value);
    ByteWriter& u32(std::uint32_t value);
    ByteWriter& u64(std::uint64_t value);
    ByteWriter& raw(std::span<const std::uint8_t> bytes);
    ByteWriter& text(std::string_view text);
    ByteWriter& zeros(std::size_t count);
    ByteWriter& pad_to(std::size_t size, std::uint8_t fill = 0);

    // A field of 1, 2 or 3 octets that holds the length of what is written between open and close.
    [[nodiscard]] std::size_t open(std::size_t width);
    void close(std::size_t mark, std::size_t width);
    void patch_u16(std::size_t position, std::uint32_t value);

    std::size_t size() const { return bytes_.size(); }
    const Bytes& bytes() const { return bytes_; }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

}  // namespace telltale::support
