// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/stun/stun.h"

#include <algorithm>

#include "sensor/extract/values.h"

namespace telltale::extract::stun {
namespace {

using base::ByteReader;
using model::Field;

constexpr std::uint32_t kMagicCookie = 0x2112a442;
constexpr std::size_t kHeaderBytes = 20, kMaxAttributes = 64;
constexpr std::uint16_t kRealm = 0x0014, kSoftware = 0x8022;

}  // namespace

Sniff sniff(const Message& message) {
    ByteReader reader(message.bytes);
    std::uint16_t type = 0, size = 0;
    std::uint32_t cookie = 0;
    if (!reader.read_u16(type) || (type & 0xc000) != 0 || !reader.read_u16(size) || size % 4 != 0) return Sniff::no;
    if (!reader.read_u32(cookie) || cookie != kMagicCookie) return Sniff::no;
    return message.cut || size + kHeaderBytes <= message.bytes.size() ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint16_t type = 0, length = 0;
    if (!reader.read_u16(type) || !reader.read_u16(length) || !reader.skip(16))
        return malformed(Malformed::short_header);
    ByteReader attributes(reader.rest().first(std::min<std::size_t>(length, reader.remaining())));
    bool told = false;
    for (std::size_t i = 0; i < kMaxAttributes && !attributes.empty(); ++i) {
        std::uint16_t attribute = 0, size = 0;
        ByteReader value;
        if (!attributes.read_u16(attribute) || !attributes.read_u16(size) || !attributes.read_sub(size, value)) {
            if (!message.cut) return malformed(Malformed::bad_length);
            record.mark_truncated();
            break;
        }
        static_cast<void>(attributes.skip(std::min<std::size_t>((4U - size % 4U) % 4U, attributes.remaining())));
        if (value.empty() || (attribute != kRealm && attribute != kSoftware)) continue;
        if (!told) record.put_number(Field::operation, type);
        told = true;
        put_text(attribute == kRealm ? Field::realm : Field::software, value, record);
    }
    return {.outcome = Outcome::done, .silent = !told, .used = message.bytes.size()};
}

}  // namespace telltale::extract::stun
