// SPDX-License-Identifier: Apache-2.0
// Packets in packets. In IP: IP (RFC 2003, RFC 2473, RFC 4213), GRE (RFC 2784, RFC 2890; PPTP's: RFC 2637), ERSPAN
// (draft-foschiano-erspan), EtherIP (RFC 3378), MPLS (RFC 4023). In UDP: VXLAN (RFC 7348) and VXLAN-GPE, Geneve (RFC
// 8926), GTP-U (3GPP TS 29.281), Teredo (RFC 4380), L2TP (RFC 2661), CAPWAP (RFC 5415), GRE (RFC 8086), MPLS (RFC
// 7510).
//
// A number separates equal addresses of different tunnels only if it is the same in both directions. VNIs and GRE keys
// are; the TEIDs of GTP-U, call and session ids, ERSPAN sessions and MPLS labels are not.
#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

enum Kind : std::uint32_t {
    kIpKind = 1,
    kGreKind,
    kErspanKind,
    kVxlanKind,
    kGeneveKind,
    kGtpKind,
    kTeredoKind,
    kL2tpKind,
    kCapwapKind
};
constexpr std::uint32_t tunnel_id(Kind kind, std::uint32_t number = 0) {
    return std::uint32_t{kind} << 24 ^ (number & 0xffffff) ^ (number >> 24);
}

constexpr std::uint8_t kIpv4InIp = 4, kIpv6InIp = 41, kGre = 47, kEtherIp = 97, kMplsInIp = 137;
constexpr std::uint16_t kErspan = 0x88be, kErspan3 = 0x22eb, kPppInGre = 0x880b, kWccp = 0x883e;

// Reads nothing: the tunnel's own header is missing.
DecodeOutcome nothing(Layers&) { return DecodeOutcome::other_ether_type; }

DecodeOutcome skip(Layers& layers, std::size_t size, DecodeOutcome (*inside)(Layers&)) {
    if (layers.remaining() < size) return nothing(layers);
    static_cast<void>(layers.take(size));
    return inside(layers);
}

// Type I has no header, type II one of 8 bytes, type III one of 12 bytes and, if its last bit is set, 8 more.
DecodeOutcome read_erspan(Layers& layers, std::uint16_t type, bool has_sequence) {
    if (type == kErspan) return skip(layers, has_sequence ? 8 : 0, read_ethernet);
    if (layers.remaining() < 12) return nothing(layers);
    const bool more = (layers.rest()[11] & 1) != 0;
    return skip(layers, more ? 20 : 12, read_ethernet);
}

DecodeOutcome read_wccp(Layers& layers) {  // with or without a redirect header before IP
    return (layers.peek() >> 4) == 4 ? read_ip(layers) : skip(layers, 4, read_ip);
}

DecodeOutcome read_gre(Layers& layers, DecodeOutcome whole) {
    constexpr std::uint16_t kChecksum = 0x8000, kRouting = 0x4000, kKey = 0x2000, kSequence = 0x1000, kAck = 0x0080;
    if (layers.remaining() < 4) return whole;
    const auto header = layers.next<4>();
    const std::uint16_t flags = be16<0>(header), type = be16<2>(header);
    const unsigned version = flags & 7;
    if (version > 1 || (flags & kRouting) != 0) return whole;
    std::size_t size = 4 + ((flags & kChecksum) != 0 ? 4U : 0U);
    const std::uint32_t key = (flags & kKey) != 0 ? base::u32_at(layers.rest(), size) : 0;
    size += ((flags & kKey) != 0 ? 4U : 0U) + ((flags & kSequence) != 0 ? 4U : 0U);
    if (version == 1) size += (flags & kAck) != 0 ? 4U : 0U;
    const bool mirrors = type == kErspan || type == kErspan3;
    const std::uint32_t id = mirrors        ? tunnel_id(kErspanKind)
                             : version == 1 ? tunnel_id(kGreKind)
                                            : tunnel_id(kGreKind, key);
    const bool has_sequence = (flags & kSequence) != 0;
    return layers.enter_tunnel(id, whole, [=](Layers& inner) {
        if (inner.remaining() < size) return nothing(inner);
        static_cast<void>(inner.take(size));
        inner.view.ether_type = type;
        if (mirrors) return read_erspan(inner, type, has_sequence);
        if (type == kPppInGre) return read_ppp(inner);
        if (type == kWccp) return read_wccp(inner);
        return read_ether_type(inner, type);
    });
}

DecodeOutcome read_vxlan(Layers& layers, DecodeOutcome whole, bool generic) {
    if (layers.remaining() < 8) return whole;
    const auto header = layers.next<8>();
    if ((header[0] & 0x08) == 0) return whole;  // no network identifier
    const std::uint32_t network = be24<4>(header);
    const std::uint8_t next = generic ? header[3] : std::uint8_t{3};
    return layers.enter_tunnel(tunnel_id(kVxlanKind, network), whole, [next](Layers& inner) {
        switch (next) {
            case 1: return skip(inner, 8, read_ipv4);
            case 2: return skip(inner, 8, read_ipv6);
            case 3: return skip(inner, 8, read_ethernet);
            default: return nothing(inner);
        }
    });
}

DecodeOutcome read_geneve(Layers& layers, DecodeOutcome whole) {
    if (layers.remaining() < 8) return whole;
    const auto header = layers.next<8>();
    if (header[0] >> 6 != 0) return whole;  // another version
    const std::size_t size = 8 + (header[0] & 0x3fU) * 4;
    const std::uint16_t type = be16<2>(header);
    const std::uint32_t network = be24<4>(header);
    return layers.enter_tunnel(tunnel_id(kGeneveKind, network), whole, [=](Layers& inner) {
        if (inner.remaining() < size) return nothing(inner);
        static_cast<void>(inner.take(size));
        inner.view.ether_type = type;
        return read_ether_type(inner, type);
    });
}

// Reads G-PDUs of version 1 and the extension headers before their payload.
DecodeOutcome read_gtp(Layers& layers, DecodeOutcome whole) {
    constexpr std::uint8_t kUserData = 0xff, kNoExtension = 0;
    constexpr unsigned kMaxExtensions = 8;
    if (layers.remaining() < 8) return whole;
    const auto header = layers.next<8>();
    if (header[0] >> 5 != 1 || (header[0] & 0x10) == 0 || header[1] != kUserData) return whole;
    const bool has_optional = (header[0] & 0x07) != 0, has_extension = (header[0] & 0x04) != 0;
    return layers.enter_tunnel(tunnel_id(kGtpKind), whole, [=](Layers& inner) {
        static_cast<void>(inner.take(8));
        if (!has_optional) return read_ip(inner);
        if (inner.remaining() < 4) return nothing(inner);
        std::uint8_t next = inner.take(4)[3];
        for (unsigned i = 0; has_extension && next != kNoExtension && i < kMaxExtensions; ++i) {
            const std::size_t size = inner.peek() * std::size_t{4};
            if (size == 0 || inner.remaining() < size) return nothing(inner);
            next = inner.take(size).back();
        }
        return read_ip(inner);
    });
}

// Authentication and origin indication may precede the IPv6 packet (RFC 4380 section 5.1.1).
DecodeOutcome read_teredo(Layers& layers, DecodeOutcome whole) {
    if (layers.remaining() < 8) return whole;
    return layers.enter_tunnel(tunnel_id(kTeredoKind), whole, [](Layers& inner) {
        for (unsigned i = 0; i < 2 && inner.remaining() >= 8 && inner.rest()[0] == 0; ++i) {
            const auto start = inner.next<8>();
            const std::size_t size = start[1] == 0 ? 8U : 4U + start[2] + start[3] + 9U;
            if (start[1] > 1 || inner.remaining() < size) return nothing(inner);
            static_cast<void>(inner.take(size));
        }
        return (inner.peek() >> 4) == 6 ? read_ipv6(inner) : nothing(inner);
    });
}

// Reads a client's frame between access point and controller (RFC 5415 section 4.3): IEEE 802.3, or 802.11 as sent (RFC
// 5416 section 2). Does not reassemble fragments.
DecodeOutcome read_capwap(Layers& layers, DecodeOutcome whole) {
    constexpr std::uint8_t kWireless = 1, kFragment = 0x80, kKeepAlive = 0x08;
    if (layers.remaining() < 8 || layers.peek() != 0) return whole;  // another version, or DTLS
    const auto header = layers.next<8>();
    const std::size_t size = (header[1] >> 3) * std::size_t{4};
    const unsigned binding = (header[2] >> 1) & 0x1fU;
    const bool native = (header[2] & 1) != 0;
    if (size < 8 || (header[3] & (kFragment | kKeepAlive)) != 0 || (native && binding != kWireless)) return whole;
    return layers.enter_tunnel(tunnel_id(kCapwapKind), whole, [=](Layers& inner) {
        return skip(inner, size, native ? read_wireless_of_capwap : read_ethernet);
    });
}

// Reads data messages of version 2.
DecodeOutcome read_l2tp(Layers& layers, DecodeOutcome whole) {
    constexpr std::uint16_t kControl = 0x8000, kLength = 0x4000, kSequence = 0x0800, kOffset = 0x0200;
    if (layers.remaining() < 6) return whole;
    const std::uint16_t flags = be16<0>(layers.next<6>());
    if ((flags & 0x000f) != 2 || (flags & kControl) != 0) return whole;
    std::size_t size = 6 + ((flags & kLength) != 0 ? 2U : 0U) + ((flags & kSequence) != 0 ? 4U : 0U);
    if ((flags & kOffset) != 0) {
        if (layers.remaining() < size + 2) return whole;
        size += std::size_t{2} + base::u16_at(layers.rest(), size);
    }
    return layers.enter_tunnel(tunnel_id(kL2tpKind), whole,
                               [size](Layers& inner) { return skip(inner, size, read_ppp); });
}

}  // namespace

DecodeOutcome read_ip_tunnel(Layers& layers, std::uint8_t protocol, DecodeOutcome whole) {
    switch (protocol) {
        case kIpv4InIp: return layers.enter_tunnel(tunnel_id(kIpKind), whole, read_ipv4);
        case kIpv6InIp: return layers.enter_tunnel(tunnel_id(kIpKind), whole, read_ipv6);
        case kGre: return read_gre(layers, whole);
        case kEtherIp:
            return layers.enter_tunnel(tunnel_id(kIpKind), whole,
                                       [](Layers& inner) { return skip(inner, 2, read_ethernet); });
        case kMplsInIp: return layers.enter_tunnel(tunnel_id(kIpKind), whole, read_mpls);
        default: return whole;
    }
}

DecodeOutcome read_udp_tunnel(Layers& layers, DecodeOutcome whole) {
    // The well-known port is the destination's. In answers of Teredo and GTP-U, it may be the source's.
    const std::uint16_t destination = layers.view.destination_port;
    switch (is_tunnel_port(destination) ? destination : layers.view.source_port) {
        case 4789:
        case 8472: return read_vxlan(layers, whole, false);
        case 4790: return read_vxlan(layers, whole, true);
        case 5247: return read_capwap(layers, whole);
        case 6081: return read_geneve(layers, whole);
        case 2152: return read_gtp(layers, whole);
        case 3544: return read_teredo(layers, whole);
        case 1701: return read_l2tp(layers, whole);
        case 4754: return read_gre(layers, whole);
        case 6635: return layers.enter_tunnel(tunnel_id(kIpKind), whole, read_mpls);
        default: return whole;
    }
}

}  // namespace telltale::decode
