// SPDX-License-Identifier: Apache-2.0
// Payloads of IP: TCP (RFC 9293), UDP (RFC 768), and the authentication header before them (RFC 4302).
#include <span>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kTcpHeaderBytes = 20;
constexpr std::size_t kUdpHeaderBytes = 8;

void set_payload(Layers& layers) {
    layers.view.payload = layers.rest();
    layers.view.payload_length = layers.claimed();
}

// Reads an incomplete TCP header field by field, as far as it goes.
void read_cut_tcp(Layers& layers) {
    model::PacketView& view = layers.view;
    base::ByteReader reader(layers.rest());
    view.has_ports = reader.read_u16(view.source_port) && reader.read_u16(view.destination_port);
    if (!view.has_ports) view.source_port = view.destination_port = 0;
    static_cast<void>(reader.read_u32(view.tcp_sequence));
    static_cast<void>(reader.read_u32(view.tcp_acknowledgement));
    static_cast<void>(reader.skip(1));
    static_cast<void>(reader.read_u8(view.tcp_flags));
    static_cast<void>(reader.read_u16(view.tcp_window));
}

DecodeOutcome read_tcp(Layers& layers, DecodeOutcome whole) {
    model::PacketView& view = layers.view;
    if (layers.remaining() < kTcpHeaderBytes) {
        read_cut_tcp(layers);
        return layers.missing(kTcpHeaderBytes, DecodeOutcome::malformed_tcp);
    }
    const auto header = layers.take<kTcpHeaderBytes>();
    view.has_ports = true;
    view.source_port = be16<0>(header);
    view.destination_port = be16<2>(header);
    view.tcp_sequence = be32<4>(header);
    view.tcp_acknowledgement = be32<8>(header);
    view.tcp_flags = header[13];
    view.tcp_window = be16<14>(header);
    const std::uint32_t header_length = (header[12] >> 4) * 4U;
    if (header_length < kTcpHeaderBytes) return DecodeOutcome::malformed_tcp;
    const std::size_t option_bytes = header_length - kTcpHeaderBytes;
    if (layers.remaining() < option_bytes) {
        const DecodeOutcome outcome = layers.missing(option_bytes, DecodeOutcome::malformed_tcp);
        if (option_bytes <= layers.claimed())
            view.payload_length = layers.claimed() - static_cast<std::uint32_t>(option_bytes);
        view.tcp_options = layers.rest();
        return outcome;
    }
    view.tcp_options = layers.take(option_bytes);
    set_payload(layers);
    return whole;
}

DecodeOutcome read_udp(Layers& layers, DecodeOutcome whole) {
    model::PacketView& view = layers.view;
    if (layers.remaining() < kUdpHeaderBytes) {
        base::ByteReader reader(layers.rest());
        view.has_ports = reader.read_u16(view.source_port) && reader.read_u16(view.destination_port);
        if (!view.has_ports) view.source_port = view.destination_port = 0;
        return layers.missing(kUdpHeaderBytes, DecodeOutcome::malformed_udp);
    }
    const auto header = layers.take<kUdpHeaderBytes>();
    view.has_ports = true;
    view.source_port = be16<0>(header);
    view.destination_port = be16<2>(header);
    const std::uint32_t length = be16<4>(header);
    if (length >= kUdpHeaderBytes && length - kUdpHeaderBytes <= layers.claimed()) {
        layers.bound(length - static_cast<std::uint32_t>(kUdpHeaderBytes));
        set_payload(layers);
        if (is_tunnel_port(view.destination_port) || is_tunnel_port(view.source_port)) [[unlikely]]
            return read_udp_tunnel(layers, whole);
        return whole;
    }
    // A first fragment has less than its UDP length, and a network card or a jumbogram's option (RFC 2675 section 4)
    // leaves the length 0. Any other length that does not fit is malformed; IP's length bounds the payload.
    set_payload(layers);
    const bool right = (length == 0 && layers.ip_length_zero) || (view.fragment && length >= kUdpHeaderBytes);
    return right ? whole : DecodeOutcome::malformed_udp;
}

// RFC 9260 section 3: only the ports of SCTP are used.
void read_sctp(Layers& layers) {
    model::PacketView& view = layers.view;
    base::ByteReader reader(layers.rest());
    view.has_ports = reader.read_u16(view.source_port) && reader.read_u16(view.destination_port);
    if (!view.has_ports) view.source_port = view.destination_port = 0;
    set_payload(layers);
}

// A query and the type of its answer: RFC 792, RFC 950, RFC 1256; RFC 4443, RFC 4861, RFC 2710, RFC 4620, RFC 6275.
struct IcmpPair {
    std::uint8_t query, answer;
};
constexpr IcmpPair kIcmpPairs[] = {{8, 0}, {10, 9}, {13, 14}, {15, 16}, {17, 18}};
constexpr IcmpPair kIcmpV6Pairs[] = {{128, 129}, {130, 131}, {133, 134}, {135, 136}, {139, 140}, {144, 145}};

std::uint16_t icmp_counterpart(std::span<const IcmpPair> pairs, std::uint8_t type, std::uint8_t code) {
    for (const IcmpPair& pair : pairs) {
        if (type == pair.query) return pair.answer;
        if (type == pair.answer) return pair.query;
    }
    return static_cast<std::uint16_t>(model::kIcmpCode | code);
}

void read_icmp(Layers& layers, std::span<const IcmpPair> pairs) {
    base::ByteReader reader(layers.rest());
    std::uint8_t type = 0, code = 0;
    if (reader.read_u8(type) && reader.read_u8(code)) {
        layers.view.source_port = type;
        layers.view.destination_port = icmp_counterpart(pairs, type, code);
    }
    set_payload(layers);
}

}  // namespace

bool skip_authentication_header(Layers& layers, std::uint8_t& protocol, DecodeOutcome reason, DecodeOutcome& outcome) {
    constexpr std::size_t kLeastBytes = 8;
    if (layers.remaining() < kLeastBytes) {
        outcome = layers.missing(kLeastBytes, reason);
        return false;
    }
    const auto start = layers.rest().first<2>();
    const std::size_t size = (std::size_t{start[1]} + 2) * 4;
    if (layers.remaining() < size) {
        outcome = layers.missing(size, reason);
        return false;
    }
    protocol = start[0];
    static_cast<void>(layers.take(size));
    return true;
}

DecodeOutcome read_ip_payload(Layers& layers, std::uint8_t protocol, DecodeOutcome whole) {
    model::PacketView& view = layers.view;
    const bool later_fragment = view.fragment && !view.first_fragment;
    if (protocol == kAuthenticationHeader && !later_fragment && whole == DecodeOutcome::ipv4) {
        DecodeOutcome outcome = whole;
        if (!skip_authentication_header(layers, protocol, DecodeOutcome::malformed_ipv4_header, outcome))
            return outcome;
        view.protocol = protocol;
    }
    view.transport_offset = static_cast<std::uint32_t>(layers.offset());
    if (later_fragment) {
        set_payload(layers);
        return whole;
    }
    switch (protocol) {
        case model::kProtocolTcp: return read_tcp(layers, whole);
        case model::kProtocolUdp: return read_udp(layers, whole);
        case model::kProtocolIcmp: read_icmp(layers, kIcmpPairs); return whole;
        case model::kProtocolIcmpV6: read_icmp(layers, kIcmpV6Pairs); return whole;
        case model::kProtocolSctp: read_sctp(layers); return whole;
        default: set_payload(layers); return view.fragment ? whole : read_ip_tunnel(layers, protocol, whole);
    }
}

}  // namespace telltale::decode
