// SPDX-License-Identifier: Apache-2.0
// Headers before the network layer: Ethernet II and IEEE 802.3, VLAN tags, VN-Tags (a predecessor of IEEE 802.1BR),
// provider backbone bridges (IEEE 802.1ah), LLC/SNAP, BSD null/loopback, Linux cooked captures, raw IP.
// www.tcpdump.org/linktypes.html describes the pseudo headers.
#include <cstring>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kServiceTagBytes = 4;
constexpr std::size_t kLlcBytes = 3;
constexpr std::size_t kSnapBytes = 8;  // LLC included
constexpr std::uint16_t kMaxLlcLength = 1500;
constexpr std::uint16_t kCookedLlc = 0x0004;

// Address families in null/loopback headers: IPv4 is 2 on every system; each has its own number for IPv6.
constexpr bool is_ipv6_family(std::uint32_t family) {
    return family == 10      // Linux
           || family == 23   // Windows
           || family == 24   // NetBSD, OpenBSD
           || family == 28   // FreeBSD
           || family == 30;  // macOS
}

// The header has the byte order of the capturing host; LINKTYPE_LOOP has network order. Families are small numbers.
DecodeOutcome read_null_loopback(Layers& layers) {
    if (layers.remaining() < 4) return layers.missing(4, DecodeOutcome::malformed_link);
    std::uint32_t family = be32<0>(layers.take<4>());
    if (family > 0xffff) family = __builtin_bswap32(family);
    if (family == 2) return read_ipv4(layers);
    if (is_ipv6_family(family)) return read_ipv6(layers);
    return DecodeOutcome::other_ether_type;
}

}  // namespace

DecodeOutcome end_without_ip(Layers& layers, DecodeOutcome outcome) {
    layers.view.payload = layers.rest();
    layers.view.payload_length = layers.claimed();
    return outcome;
}

DecodeOutcome read_llc(Layers& layers) {
    if (layers.remaining() < kLlcBytes) return layers.missing(kLlcBytes, DecodeOutcome::malformed_llc);
    const base::Bytes start = layers.rest();
    const bool snap = start[0] == 0xaa && start[1] == 0xaa && start[2] == 0x03;
    if (!snap) return end_without_ip(layers, DecodeOutcome::llc);
    if (layers.remaining() < kSnapBytes) return layers.missing(kSnapBytes, DecodeOutcome::malformed_llc);
    const auto header = layers.take<kSnapBytes>();
    const std::uint32_t organisation = be32<2>(header) & 0xffffff;
    layers.view.ether_type = be16<6>(header);
    // RFC 1042: an EtherType follows organisation 0; 0x0000f8 was used for bridging (IEEE 802.1H).
    layers.view.snap_organisation = organisation;
    if (organisation != 0 && organisation != 0x0000f8) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    return read_ether_type(layers, layers.view.ether_type);
}

namespace {

// Reads a length (IEEE 802.3) or an EtherType (RFC 894), and the tags before it.
DecodeOutcome read_type_or_length(Layers& layers, std::uint16_t type) {
    model::PacketView& view = layers.view;
    for (unsigned tags = 0; model::is_vlan_tag(type) || type == model::kEtherTypeVnTag; ++tags) {
        if (tags == model::kMaxVlanTags) return DecodeOutcome::malformed_vlan;
        if (type == model::kEtherTypeVnTag) {
            if (layers.remaining() < model::kVnTagBytes)
                return layers.missing(model::kVnTagBytes, DecodeOutcome::malformed_vlan);
            type = be16<4>(layers.take<model::kVnTagBytes>());
            continue;
        }
        if (layers.remaining() < model::kVlanTagBytes)
            return layers.missing(model::kVlanTagBytes, DecodeOutcome::malformed_vlan);
        const auto tag = layers.take<model::kVlanTagBytes>();
        if (view.vlan_count < view.vlan.size())
            view.vlan[view.vlan_count++] = static_cast<std::uint16_t>(be16<0>(tag) & 0xfff);
        type = be16<2>(tag);
    }
    view.ether_type = type;
    if (type > kMaxLlcLength) return read_ether_type(layers, type);
    // A reassembled datagram keeps the link header of its first fragment.
    if (type < layers.claimed() && !view.frame->reassembled) layers.bound(type);
    return read_llc(layers);
}

}  // namespace

DecodeOutcome read_ethernet(Layers& layers) {
    if (layers.remaining() < 14) return layers.missing(14, DecodeOutcome::malformed_link);
    const auto header = layers.take<14>();
    std::memcpy(layers.view.destination_mac.bytes.data(), header.data(), 6);
    std::memcpy(layers.view.source_mac.bytes.data(), header.data() + 6, 6);
    return read_type_or_length(layers, be16<12>(header));
}

DecodeOutcome read_bridged_ethernet(Layers& layers) {
    if (!layers.enter_bridged_frame()) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    return read_ethernet(layers);
}

namespace {

// Reads the service tag of a backbone bridge, and the customer's frame.
DecodeOutcome read_backbone(Layers& layers) {
    if (layers.remaining() < kServiceTagBytes) return layers.missing(kServiceTagBytes, DecodeOutcome::malformed_link);
    static_cast<void>(layers.take<kServiceTagBytes>());
    return read_bridged_ethernet(layers);
}

DecodeOutcome read_cooked(Layers& layers, std::uint16_t protocol, std::uint32_t address_length,
                          const std::uint8_t* address) {
    if (address_length == 6) std::memcpy(layers.view.source_mac.bytes.data(), address, 6);
    if (protocol == kCookedLlc) return read_llc(layers);
    if (protocol > kMaxLlcLength) return read_type_or_length(layers, protocol);
    layers.view.ether_type = protocol;
    return end_without_ip(layers, DecodeOutcome::other_ether_type);
}

// Reads address, control and an EtherType (Cisco's HDLC).
DecodeOutcome read_cisco_hdlc(Layers& layers) {
    if (layers.remaining() < 4) return layers.missing(4, DecodeOutcome::malformed_link);
    layers.view.ether_type = be16<2>(layers.take<4>());
    return read_ether_type(layers, layers.view.ether_type);
}

DecodeOutcome read_cooked_v1(Layers& layers) {
    if (layers.remaining() < 16) return layers.missing(16, DecodeOutcome::malformed_link);
    const auto header = layers.take<16>();
    return read_cooked(layers, be16<14>(header), be16<4>(header), header.data() + 6);
}

DecodeOutcome read_cooked_v2(Layers& layers) {
    if (layers.remaining() < 20) return layers.missing(20, DecodeOutcome::malformed_link);
    const auto header = layers.take<20>();
    return read_cooked(layers, be16<0>(header), header[11], header.data() + 12);
}

}  // namespace

DecodeOutcome read_link(Layers& layers, model::LinkType link) {
    switch (link) {
        case model::LinkType::ethernet: return read_ethernet(layers);
        case model::LinkType::raw_ip: return read_ip(layers);
        case model::LinkType::null_loopback: return read_null_loopback(layers);
        case model::LinkType::linux_cooked_v1: return read_cooked_v1(layers);
        case model::LinkType::linux_cooked_v2: return read_cooked_v2(layers);
        case model::LinkType::ppp: return read_ppp(layers);
        case model::LinkType::cisco_hdlc: return read_cisco_hdlc(layers);
        case model::LinkType::wireless: return read_wireless(layers);
        case model::LinkType::radiotap: return read_radiotap(layers);
        case model::LinkType::pktap: return read_pktap(layers);
        case model::LinkType::nflog: return read_nflog(layers);
        case model::LinkType::pppoe: return read_pppoe(layers);
        case model::LinkType::mpls: return read_mpls(layers);
        case model::LinkType::llc: return read_llc(layers);
        case model::LinkType::fddi: return read_fddi(layers);
        case model::LinkType::token_ring: return read_token_ring(layers);
        case model::LinkType::frame_relay: return read_frame_relay(layers);
        case model::LinkType::ieee1394: return read_ieee1394(layers);
        case model::LinkType::pflog: return read_pflog(layers);
        case model::LinkType::enc: return read_enc(layers);
        case model::LinkType::prism: return read_prism(layers);
    }
    return DecodeOutcome::malformed_link;
}

DecodeOutcome read_ether_type(Layers& layers, std::uint16_t ether_type) {
    switch (ether_type) {
        case model::kEtherTypeIpv4: return read_ipv4(layers);
        case model::kEtherTypeIpv6: return read_ipv6(layers);
        case model::kEtherTypeArp: return read_arp(layers);
        case model::kEtherTypeMpls:
        case model::kEtherTypeMplsMulticast: return read_mpls(layers);
        case model::kEtherTypePppoe: return read_pppoe(layers);
        case model::kEtherTypeEthernet: return read_bridged_ethernet(layers);
        case model::kEtherTypeBackbone: return read_backbone(layers);
        default: return end_without_ip(layers, DecodeOutcome::other_ether_type);
    }
}

DecodeOutcome read_ip(Layers& layers) {
    if (layers.remaining() == 0) return layers.missing(1, DecodeOutcome::malformed_link);
    const unsigned version = layers.peek() >> 4;
    if (version == 4) return read_ipv4(layers);
    if (version == 6) return read_ipv6(layers);
    return DecodeOutcome::malformed_ip_version;
}

}  // namespace telltale::decode
