// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/frame.h"

namespace telltale::model {

enum class Network : std::uint8_t { none, arp, ipv4, ipv6 };

inline constexpr std::uint8_t kTcpFin = 0x01, kTcpSyn = 0x02, kTcpRst = 0x04, kTcpPsh = 0x08, kTcpAck = 0x10;

// A decoded frame: fields in host order, and the payload's place. Borrowed with its batch. Decode fills it as far as
// the frame is sound; fields after a broken or missing header stay at their defaults.
struct PacketView {
    const Frame* frame = nullptr;

    // MACs of the layer of the addresses below: in a tunnel that carries frames, those of the inner frame. Unknown if
    // the link type has none.
    MacAddress source_mac;
    MacAddress destination_mac;
    MacAddress sender_mac;                // of the frame itself
    std::array<std::uint16_t, 2> vlan{};  // ids, outer first
    std::uint8_t vlan_count = 0;
    std::uint16_t ether_type = 0;
    std::uint32_t snap_organisation = 0;  // of a SNAP header (IEEE 802)
    // The tunnels around the addresses below, and what keeps equal addresses in different tunnels apart (kind and VNI
    // or GRE key; 0 if nothing does). The same in both directions.
    std::uint8_t tunnels = 0;
    std::uint32_t tunnel_id = 0;

    Network network = Network::none;
    IpAddress source;  // ARP: sender protocol address
    IpAddress destination;
    std::uint8_t protocol = 0;  // IP protocol behind all extension headers
    std::uint8_t ttl = 0;       // or hop limit
    bool dont_fragment = false;
    bool fragment = false;        // part of a fragmented datagram
    bool first_fragment = false;  // its first part: has ports
    // The datagram's length: IPv4 total length, IPv6 40 + payload length, as the header claims it. Where segmentation
    // offload left 0 there, what the frame had on the wire. This is what "bytes" means everywhere.
    std::uint32_t ip_length = 0;

    MacAddress arp_sender_mac;
    std::uint16_t arp_operation = 0;

    std::uint32_t network_offset = 0;    // where in the frame the IP header begins; with has_ip()
    std::uint32_t transport_offset = 0;  // where in the frame what IP carries begins; 0 without it
    bool has_ports = false;              // TCP, UDP and SCTP; of ICMP the two are as in FlowKey
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    std::uint8_t tcp_flags = 0;
    std::uint32_t tcp_sequence = 0;
    std::uint32_t tcp_acknowledgement = 0;
    std::uint16_t tcp_window = 0;
    base::Bytes tcp_options;

    // TCP or UDP data as captured, without link padding. For other protocols and non-first fragments: everything after
    // the IP header. For frames without IP: everything after the EtherType, the LLC or the SNAP header.
    base::Bytes payload;
    std::uint32_t payload_length = 0;  // the same on the wire; more than payload.size() when snapped

    [[nodiscard]] bool has_ip() const { return network == Network::ipv4 || network == Network::ipv6; }
    [[nodiscard]] bool payload_cut() const { return payload.size() < payload_length; }
    [[nodiscard]] Segment segment() const {
        const Segment outside(frame == nullptr ? TapIndex() : frame->tap, vlan[0], vlan[1]);
        if (tunnel_id == 0) [[likely]]
            return outside;
        return outside.inside(tunnel_id);
    }
};

// The flow that a packet with IP belongs to, and its direction there.
struct FlowPlace {
    FlowKey key;
    Direction direction = Direction::a_to_b;
};

// Whether the source's address and port are the smaller ones. As numbers: a call of memcmp() costs more.
inline bool source_comes_first(const PacketView& packet) {
    const auto number = [](std::uint64_t half) {
        return std::endian::native == std::endian::big ? half : __builtin_bswap64(half);
    };
    const IpAddress::Halves source = packet.source.halves(), destination = packet.destination.halves();
    if (source[0] != destination[0]) return number(source[0]) < number(destination[0]);
    if (source[1] != destination[1]) return number(source[1]) < number(destination[1]);
    return packet.source_port <= packet.destination_port;
}

inline FlowPlace flow_place(const PacketView& packet) {
    FlowPlace place;
    FlowKey& key = place.key;
    if (source_comes_first(packet)) {
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
    key.segment = packet.segment();
    key.protocol = packet.protocol;
    key.fragment = packet.fragment && !packet.first_fragment ? 1 : 0;
    return place;
}

}  // namespace telltale::model
