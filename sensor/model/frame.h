// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/model/order.h"
#include "sensor/model/tap_index.h"

namespace telltale::model {

// How a frame's first bytes are to be read; the names are libpcap's LINKTYPE_ values.
enum class LinkType : std::uint8_t {
    ethernet,         // LINKTYPE_ETHERNET
    raw_ip,           // LINKTYPE_RAW, _IPV4, _IPV6: an IP header, version in its first nibble
    null_loopback,    // LINKTYPE_NULL, _LOOP: four bytes of address family in either byte order
    linux_cooked_v1,  // LINKTYPE_LINUX_SLL
    linux_cooked_v2,  // LINKTYPE_LINUX_SLL2
    ppp,              // LINKTYPE_PPP, LINKTYPE_PPP_HDLC: with or without address and control
    cisco_hdlc,       // LINKTYPE_C_HDLC
    wireless,         // LINKTYPE_IEEE802_11
    radiotap,         // LINKTYPE_IEEE802_11_RADIOTAP
    pktap,            // LINKTYPE_PKTAP: macOS's header with the link type of what follows
    nflog,            // LINKTYPE_NFLOG: what Linux's netfilter tells of a packet
    pppoe,            // LINKTYPE_PPP_ETHER: PPPoE without Ethernet
    mpls,             // LINKTYPE_MPLS
    llc,              // LINKTYPE_ATM_RFC1483: LLC without Ethernet
    fddi,             // LINKTYPE_FDDI
    token_ring,       // LINKTYPE_IEEE802_5
    frame_relay,      // LINKTYPE_FRELAY
    ieee1394,         // LINKTYPE_APPLE_IP_OVER_IEEE1394
    pflog,            // LINKTYPE_PFLOG
    enc,              // LINKTYPE_ENC
    prism,            // LINKTYPE_IEEE802_11_PRISM, _AVS: a header before IEEE 802.11
};
inline constexpr std::uint8_t kLinkTypeCount = 21;

// Bytes from a port or a file. Borrowed from the frame source until its batch is released. One contiguous piece.
struct Frame {
    const std::uint8_t* data = nullptr;
    std::uint32_t captured_length = 0;  // bytes at `data`
    std::uint32_t wire_length = 0;      // bytes on the wire; more than captured when the capture was snapped
    std::int64_t timestamp_ns = 0;      // packet time, since 1970-01-01 UTC
    Order order;                        // ascending within a source
    LinkType link = LinkType::ethernet;
    TapIndex tap;
    PortIndex port;
    void* handle = nullptr;    // what the source needs to release it
    bool reassembled = false;  // no frame of the wire: a whole datagram, behind the fragment that completed it

    [[nodiscard]] base::Bytes bytes() const { return {data, captured_length}; }
};

inline constexpr std::size_t kBatchFrames = 32;

}  // namespace telltale::model
