// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/cdp/cdp.h"

#include <algorithm>

#include "sensor/extract/values.h"

namespace telltale::extract::cdp {
namespace {

using base::ByteReader;
using model::Field;

constexpr std::uint32_t kCisco = 0x00000c;
constexpr std::uint16_t kProtocolId = 0x2000;
constexpr std::size_t kHeaderBytes = 4;  // version, time to live, checksum
enum Type : std::uint16_t {
    kDeviceId = 1,
    kAddresses = 2,
    kPortId = 3,
    kCapabilities = 4,
    kVersion = 5,
    kPlatform = 6
};
constexpr std::size_t kMaxTlvs = 128;
constexpr std::uint8_t kNlpid = 1, kNlpidIp = 0xcc, kSnap = 2;

// The first address alone.
void read_addresses(ByteReader value, model::RecordWriter& record) {
    std::uint32_t count = 0;
    std::uint8_t type = 0;
    ByteReader protocol, address;
    if (!value.read_u32(count) || count == 0 || !value.read_u8(type) || !value.read_sub_u8(protocol) ||
        !value.read_sub_u16(address)) {
        return;
    }
    const bool ipv4 = type == kNlpid && protocol.remaining() == 1 && protocol.peek() == kNlpidIp;
    const bool ipv6 = type == kSnap && protocol.remaining() == 8;
    if ((ipv4 && address.remaining() == 4) || (ipv6 && address.remaining() == 16)) {
        record.put(Field::ip_address, address.rest());
    }
}

void read_tlv(std::uint16_t type, ByteReader value, model::RecordWriter& record) {
    std::uint32_t bits = 0;
    switch (type) {
        case kDeviceId: put_text(Field::system_name, value, record); break;
        case kAddresses: read_addresses(value, record); break;
        case kPortId: put_text(Field::port_id, value, record); break;
        case kCapabilities:
            if (value.read_u32(bits)) record.put_number(Field::capabilities, bits);
            break;
        case kVersion: put_text(Field::software, value, record); break;
        case kPlatform: put_text(Field::platform, value, record); break;
        default: break;
    }
}

}  // namespace

Sniff sniff(const Message& message) {
    const model::PacketView* packet = message.packet;
    const bool here = packet != nullptr && packet->snap_organisation == kCisco && packet->ether_type == kProtocolId;
    return here && !message.bytes.empty() && (message.bytes[0] == 1 || message.bytes[0] == 2) ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    if (!reader.skip(kHeaderBytes)) return malformed(Malformed::short_header);
    for (std::size_t i = 0; i < kMaxTlvs && !reader.empty(); ++i) {
        std::uint16_t type = 0, length = 0;
        ByteReader value;
        const bool sound = reader.read_u16(type) && reader.read_u16(length) && length >= 4 &&
                           reader.read_sub(length - std::size_t{4}, value);
        if (!sound) {
            if (!message.cut) return malformed(Malformed::bad_length);
            record.mark_truncated();
            break;
        }
        read_tlv(type, value, record);
    }
    return done(message.bytes.size(), false);
}

}  // namespace telltale::extract::cdp
