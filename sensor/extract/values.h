// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/model/record.h"

// Values that several protocols write and read alike.
namespace telltale::extract {

// A text of the record, of at most this size; nothing where it is empty. What is cut marks the record truncated.
inline constexpr std::size_t kMaxTextBytes = 512;
inline void put_text(model::Field field, base::ByteReader value, model::RecordWriter& record) {
    if (value.empty()) return;
    record.put(field, value.rest().first(std::min(value.remaining(), kMaxTextBytes)));
    if (value.remaining() > kMaxTextBytes) record.mark_truncated();
}

// An integer in groups of seven bits, the lowest first, in at most `most` bytes, 9 or fewer (OASIS MQTT 3.1.1 section
// 2.2.3; Protocol Buffers' varint). False when it is longer, or not there.
inline bool read_varint7(base::ByteReader& reader, std::uint64_t& value, unsigned most) {
    value = 0;
    for (unsigned i = 0; i < most; ++i) {
        std::uint8_t octet = 0;
        if (!reader.read_u8(octet)) return false;
        value |= std::uint64_t{octet & 0x7fU} << (7 * i);
        if ((octet & 0x80) == 0) return true;
    }
    return false;
}

}  // namespace telltale::extract
