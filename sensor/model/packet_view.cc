// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/packet_view.h"

#include <bit>

namespace telltale::model {

namespace {

// Whether the source's address and port are the smaller ones. As numbers: a call of memcmp() costs more.
bool comes_first(const PacketView& packet) {
    const auto number = [](std::uint64_t half) {
        return std::endian::native == std::endian::big ? half : __builtin_bswap64(half);
    };
    const IpAddress::Halves source = packet.source.halves(), destination = packet.destination.halves();
    if (source[0] != destination[0]) return number(source[0]) < number(destination[0]);
    if (source[1] != destination[1]) return number(source[1]) < number(destination[1]);
    return packet.source_port <= packet.destination_port;
}

}  // namespace

FlowPlace flow_place(const PacketView& packet) {
    const bool ordered = comes_first(packet);
    FlowPlace place;
    place.direction = ordered ? Direction::a_to_b : Direction::b_to_a;
    place.key.a = ordered ? packet.source : packet.destination;
    place.key.b = ordered ? packet.destination : packet.source;
    place.key.port_a = ordered ? packet.source_port : packet.destination_port;
    place.key.port_b = ordered ? packet.destination_port : packet.source_port;
    place.key.segment = packet.segment();
    place.key.protocol = packet.protocol;
    place.key.fragment = packet.fragment && !packet.first_fragment ? 1 : 0;
    return place;
}

}  // namespace telltale::model
