// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/enumeration.h"

namespace telltale::decode {

// X(enumerator, word, help). The malformed ones come last.
#define TELLTALE_DECODE_OUTCOMES(X)                                                                                 \
    X(ipv4, "ipv4", "IPv4: all headers that decode knows were read")                                                \
    X(ipv6, "ipv6", "IPv6: all headers that decode knows were read")                                                \
    X(arp, "arp", "ARP")                                                                                            \
    X(other_ether_type, "other_ether_type", "An EtherType, protocol family or SNAP organisation that is not read")  \
    X(llc, "llc", "IEEE 802.2 without SNAP: spanning tree, NetBEUI, IPX, IS-IS")                                    \
    X(wireless_other, "wireless_other", "802.11: management, control, encrypted or empty data frames")              \
    X(snapped, "snapped", "A header that the capture's snap length cut")                                            \
    X(malformed_link, "malformed_link", "Shorter than the link header")                                             \
    X(malformed_vlan, "malformed_vlan", "A tag that is cut, or too many tags")                                      \
    X(malformed_llc, "malformed_llc", "Shorter than the LLC or SNAP header")                                        \
    X(malformed_arp, "malformed_arp", "Shorter than ARP")                                                           \
    X(malformed_ip_version, "malformed_ip_version",                                                                 \
      "An IP version that is not 4 or 6, or not what the EtherType says")                                           \
    X(malformed_ipv4_header, "malformed_ipv4_header", "IPv4: shorter than its header, or a header length below 20") \
    X(malformed_ipv4_length, "malformed_ipv4_length", "IPv4: a total length below the header's")                    \
    X(malformed_ipv6_header, "malformed_ipv6_header", "IPv6: shorter than its header")                              \
    X(malformed_ipv6_extension, "malformed_ipv6_extension",                                                         \
      "IPv6: an extension header beyond the datagram, or too many")                                                 \
    X(malformed_tcp, "malformed_tcp", "TCP: shorter than its header, or a data offset below 5")                     \
    X(malformed_udp, "malformed_udp", "UDP: shorter than its header, or a length below 8 or beyond the datagram")

// How a frame ended: exactly one per frame. The malformed ones name the first header that is not sound; what precedes
// it (and, for TCP and UDP, the ports) is still in the packet view. `snapped` is not the sender's fault: the capture's
// snap length cut a header. A frame whose payload alone is cut is ipv4 or ipv6.
TELLTALE_ENUMERATION(DecodeOutcome, std::uint8_t, TELLTALE_DECODE_OUTCOMES)
constexpr bool malformed(DecodeOutcome outcome) { return outcome >= DecodeOutcome::malformed_link; }

inline constexpr unsigned kMaxIpv6Extensions = 12;
inline constexpr unsigned kMaxTunnels = 4;  // nested tunnels that decode enters
inline constexpr unsigned kMaxMplsLabels = 16;

}  // namespace telltale::decode
