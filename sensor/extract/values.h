// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

// The host that a message asks for (RFC 3986 section 3.2.2), as the record's service name. False, and nothing is
// written, for what is no host: empty, over 255 bytes, with user information, a path or white space. Called once per
// record.
inline bool put_service_name(std::string_view host, model::RecordWriter& record) {
    constexpr std::size_t kMaxHostBytes = 255;
    const bool is_host = !host.empty() && host.size() <= kMaxHostBytes &&
                         std::none_of(host.begin(), host.end(), [](unsigned char letter) {
                             return letter <= ' ' || letter == 0x7f || letter == '@' || letter == '/' ||
                                    letter == '\\' || letter == '?' || letter == '#';
                         });
    if (is_host) record.put(model::Field::service_name, host);
    return is_host;
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
