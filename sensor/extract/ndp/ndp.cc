// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/ndp/ndp.h"

namespace telltale::extract::ndp {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint8_t kRouterSolicitation = 133, kRouterAdvertisement = 134, kNeighbourSolicitation = 135,
                       kNeighbourAdvertisement = 136;
constexpr std::uint8_t kSourceLinkAddress = 1, kTargetLinkAddress = 2;  // options
constexpr std::uint8_t kHopLimit = 255;
constexpr std::size_t kAddressBytes = 16, kMacBytes = 6;

// Bytes between the checksum and the options, the target address apart.
std::size_t fixed_bytes(std::uint8_t type) { return type == kRouterAdvertisement ? 12 : 4; }

struct Options {
    Bytes source_mac, target_mac;
};

// Each turn eats an option: a length of 0 ends it. False when an option does not fit.
bool read_options(ByteReader reader, Options& options) {
    std::uint8_t type = 0, units = 0;
    while (!reader.empty()) {
        ByteReader value;
        if (!reader.read_u8(type) || !reader.read_u8(units) || units == 0 || !reader.read_sub(units * 8U - 2, value)) {
            return false;
        }
        Bytes mac;
        if (!value.read_bytes(kMacBytes, mac) || units != 1) continue;
        if (type == kSourceLinkAddress) options.source_mac = mac;
        if (type == kTargetLinkAddress) options.target_mac = mac;
    }
    return true;
}

}  // namespace

Sniff sniff(const Message& message) {
    if (message.bytes.size() < 4 || message.packet->ttl != kHopLimit) return Sniff::no;
    const std::uint8_t type = message.bytes[0];
    return type >= kRouterSolicitation && type <= kNeighbourAdvertisement && message.bytes[1] == 0 ? Sniff::yes
                                                                                                   : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const model::PacketView& packet = *message.packet;
    ByteReader reader(message.bytes);
    std::uint8_t type = 0;
    Bytes target;
    if (!reader.read_u8(type) || !reader.skip(3) || !reader.skip(fixed_bytes(type))) {
        return malformed(Malformed::short_header);
    }
    const bool of_neighbours = type == kNeighbourSolicitation || type == kNeighbourAdvertisement;
    if (of_neighbours && !reader.read_bytes(kAddressBytes, target)) return malformed(Malformed::short_header);
    Options options;
    const bool sound = read_options(reader, options);

    // Whose address it is, and by which MAC it is reached: what the option says, else what the frame came from.
    Bytes address = packet.source.raw();
    Bytes mac = options.source_mac;
    if (type == kNeighbourAdvertisement) {
        address = target;
        mac = options.target_mac;
    } else if (!packet.source.specified()) {
        address = target;
    }
    if (mac.empty() && packet.source_mac.known()) mac = Bytes(packet.source_mac.bytes);
    record.put_number(Field::operation, type);
    if (!mac.empty()) record.put(Field::client_mac, mac);
    if (!address.empty() && model::IpAddress::from(address).specified()) record.put(Field::ip_address, address);
    if (sound) return done(message.bytes.size(), false);
    record.mark_truncated();
    if (message.cut) return done(message.bytes.size(), false);
    Parsed parsed = malformed(Malformed::bad_length);
    parsed.partial = true;
    return parsed;
}

}  // namespace telltale::extract::ndp
