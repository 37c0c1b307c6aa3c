// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/packet_view.h"

namespace telltale::model {

FlowPlace flow_place(const PacketView& packet) {
    FlowPlace place;
    FlowKey& key = place.key;
    key.segment = packet.segment();
    key.protocol = packet.protocol;
    key.fragment = packet.fragment && !packet.first_fragment ? 1 : 0;
    const int order = std::memcmp(packet.source.bytes.data(), packet.destination.bytes.data(), 16);
    if (order < 0 || (order == 0 && packet.source_port <= packet.destination_port)) {
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
