// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace telltale::decode {

// The result of decoding a frame: exactly one per frame. A malformed outcome names the first header that is not sound.
// The packet view still has what precedes it and, for TCP and UDP, the ports. `snapped` is not the sender's fault: the
// capture's snap length cut a header. A frame with only its payload cut is ipv4 or ipv6.
enum class DecodeOutcome : std::uint8_t {
    ipv4,  // all headers that decode knows are sound
    ipv6,
    arp,
    other_ether_type,  // an EtherType, protocol family or SNAP organisation without a reader
    llc,               // IEEE 802.2 without SNAP: spanning tree, NetBEUI, IPX, IS-IS
    wireless_other,    // 802.11: management, control, encrypted or empty data frames
    snapped,
    malformed_link,  // shorter than its link header
    malformed_vlan,  // a tag is cut, or there are more than kMaxVlanTags
    malformed_llc,
    malformed_arp,
    malformed_ip_version,   // raw IP: neither 4 nor 6; EtherType and version disagree
    malformed_ipv4_header,  // shorter than its header, or a header length below 20
    malformed_ipv4_length,  // a total length below the header's
    malformed_ipv6_header,
    malformed_ipv6_extension,  // longer than the datagram, or more than kMaxIpv6Extensions
    malformed_tcp,             // shorter than its header, or a data offset below 5
    malformed_udp,             // shorter than its header, or a length below 8 or beyond the datagram
};
inline constexpr std::size_t kDecodeOutcomeCount = 18;

inline constexpr unsigned kMaxVlanTags = 8;
inline constexpr unsigned kMaxIpv6Extensions = 12;
inline constexpr unsigned kMaxTunnels = 4;  // nested tunnels that decode enters
inline constexpr unsigned kMaxMplsLabels = 16;

std::string_view to_string(DecodeOutcome outcome);
constexpr bool malformed(DecodeOutcome outcome) { return outcome >= DecodeOutcome::malformed_link; }

}  // namespace telltale::decode
