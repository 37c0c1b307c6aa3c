// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/lldp/lldp.h"

namespace telltale::extract::lldp {
namespace {

using base::ByteReader;
using model::Field;

constexpr std::uint16_t kEtherType = 0x88cc;
// TLV types (IEEE 802.1AB-2016 table 8-1).
enum Type : unsigned {
    kEnd = 0,
    kChassis = 1,
    kPort = 2,
    kName = 5,
    kDescription = 6,
    kCapabilities = 7,
    kManagement = 8,
    kOwn = 127
};
constexpr std::uint8_t kMacChassis = 4, kMacPort = 3;
constexpr std::uint8_t kIpv4 = 1, kIpv6 = 2;  // IANA address family numbers
// Organisation 00-12-bb and its subtypes (ANSI/TIA-1057).
constexpr std::uint32_t kMed = 0x0012bb;
constexpr std::uint8_t kMedSoftware = 7, kMedManufacturer = 9, kMedModel = 10;
constexpr std::size_t kMaxTlvs = 128;

void read_management(ByteReader value, model::RecordWriter& record) {
    ByteReader address;
    std::uint8_t family = 0;
    if (!value.read_sub_u8(address) || !address.read_u8(family)) return;
    const bool sound = (family == kIpv4 && address.remaining() == 4) || (family == kIpv6 && address.remaining() == 16);
    if (sound) record.put(Field::ip_address, address.rest());
}

void read_own(ByteReader value, model::RecordWriter& record) {
    std::uint32_t organisation = 0;
    std::uint8_t subtype = 0;
    if (!value.read_u24(organisation) || !value.read_u8(subtype) || organisation != kMed || value.empty()) return;
    switch (subtype) {
        case kMedSoftware: record.put(Field::software, value.rest()); break;
        case kMedManufacturer: record.put(Field::manufacturer, value.rest()); break;
        case kMedModel: record.put(Field::model_name, value.rest()); break;
        default: break;
    }
}

void read_tlv(unsigned type, ByteReader value, model::RecordWriter& record) {
    std::uint8_t subtype = 0;
    std::uint32_t bits = 0;
    switch (type) {
        case kChassis:
            if (value.read_u8(subtype) && subtype == kMacChassis && value.remaining() == 6) {
                record.put(Field::client_mac, value.rest());
            }
            break;
        case kPort:
            if (value.read_u8(subtype) && subtype != kMacPort && !value.empty())
                record.put(Field::port_id, value.rest());
            break;
        case kName:
            if (!value.empty()) record.put(Field::system_name, value.rest());
            break;
        case kDescription:
            if (!value.empty()) record.put(Field::system_description, value.rest());
            break;
        case kCapabilities:
            if (value.read_u32(bits)) record.put_number(Field::capabilities, bits & 0xffff);  // those that are enabled
            break;
        case kManagement: read_management(value, record); break;
        case kOwn: read_own(value, record); break;
        default: break;
    }
}

}  // namespace

// The chassis comes first.
Sniff sniff(const Message& message) {
    const bool here = message.packet != nullptr && message.packet->ether_type == kEtherType;
    return here && message.bytes.size() >= 2 && message.bytes[0] >> 1 == kChassis ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    for (std::size_t i = 0; i < kMaxTlvs; ++i) {
        std::uint16_t head = 0;
        ByteReader value;
        if (!reader.read_u16(head)) {
            if (!message.cut) return malformed(Malformed::short_header);  // the end is a TLV of its own
            record.mark_truncated();
            break;
        }
        if (head >> 9 == kEnd) break;
        if (!reader.read_sub(head & 0x1ffU, value)) {
            if (!message.cut) return malformed(Malformed::bad_length);
            record.mark_truncated();
            break;
        }
        read_tlv(head >> 9, value, record);
    }
    return done(message.bytes.size(), false);
}

}  // namespace telltale::extract::lldp
