// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/packet_view.h"

#include <bit>

namespace telltale::model {

namespace {

// Whether the source's address and port are the smaller ones. As numbers: a call of memcmp() costs more.
bool comes_first(const PacketView& packet) {
    const IpAddress::Halves source = packet.source.halves(), destination = packet.destination.halves();
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == destination[i]) continue;
        return std::endian::native == std::endian::big
                   ? source[i] < destination[i]
                   : __builtin_bswap64(source[i]) < __builtin_bswap64(destination[i]);
    }
    return packet.source_port <= packet.destination_port;
}

}  // namespace

FlowPlace flow_place(const PacketView& packet) {
    FlowPlace place;
    FlowKey& key = place.key;
    key.segment = packet.segment();
    key.protocol = packet.protocol;
    key.fragment = packet.fragment && !packet.first_fragment ? 1 : 0;
    if (comes_first(packet)) {
        key.a = packet.source;
        key.b = packet.destination;
        key.port_a = packet.source_port;
        key.port_b = packet.destination_port;
    } else {
        place.direction = Direction::b_to_a;
        key.a = packet.destination;
        key.b = packet.source;
        key.port_a = packet.destination_port;
        key.port_b = packet.source_port;
    }
    return place;
}

}  // namespace telltale::model
