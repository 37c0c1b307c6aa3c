// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::extract::dns {

// A domain name as text, without the dot at its end; the root is ".". Letters keep their case. A dot or backslash
// inside a label is escaped with a backslash, octets that are not printable ASCII are \DDD (RFC 1035 section 5.1, RFC
// 4343 section 2.1). Names that people choose for their devices are UTF-8 with spaces and dots (RFC 6762 section 16):
// these are kept as they are. Space for the longest name: 255 octets on the wire, each four letters.
class NameText {
  public:
    enum class Style : unsigned char { escaped, as_sent };

    explicit NameText(Style style = Style::escaped) : style_(style) {}
    [[nodiscard]] Style style() const { return style_; }
    [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }
    void clear() { size_ = 0; }
    void add_label(base::Bytes label);
    void finish();

  private:
    void put(char letter) {
        if (size_ < text_.size()) text_[size_++] = letter;
    }

    Style style_;
    std::array<char, 1024> text_;
    std::size_t size_ = 0;
};

enum class NameError : unsigned char { none, short_message, bad };

// Reads a name at `reader`, which is somewhere in `message`, and leaves the reader after it. Compression pointers
// (RFC 1035 section 4.1.4) must point before everything that this name has used so far, so that they come to an end.
NameError read_name(base::Bytes message, base::ByteReader& reader, NameText& name);

// Takes a name without following its pointers.
NameError skip_name(base::ByteReader& reader);

}  // namespace telltale::extract::dns
