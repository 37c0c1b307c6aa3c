// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::extract::dns {

// A field's value as model::FieldType says: numbers little endian. What does not fit is left out.
class PackedValue {
  public:
    void put_number(std::uint32_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes && size_ < raw_.size(); ++i) {
            raw_[size_++] = static_cast<std::uint8_t>(value >> (8 * i));
        }
    }
    void put(base::Bytes bytes) {
        const std::size_t size = std::min(bytes.size(), raw_.size() - size_);
        if (size != 0) std::memcpy(raw_.data() + size_, bytes.data(), size);
        size_ += size;
    }
    void put(std::string_view text) { put(base::as_bytes(text)); }
    [[nodiscard]] base::Bytes bytes() const { return base::Bytes(raw_).first(size_); }

  private:
    std::array<std::uint8_t, 2048> raw_;
    std::size_t size_ = 0;
};

}  // namespace telltale::extract::dns
