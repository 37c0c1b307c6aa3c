// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/base/enumeration.h"
#include "sensor/model/order.h"
#include "sensor/model/tap_index.h"

namespace telltale::model {

// How a frame's first bytes are to be read.
//   X(link type, its word, libpcap's numbers for it, where libpcap is known...)
#define TELLTALE_LINK_TYPES(X)                                                                                  \
    X(ethernet, "ethernet", DLT_EN10MB)                                                                         \
    X(raw_ip, "raw_ip", DLT_RAW, DLT_IPV4, DLT_IPV6)      /* an IP header, version in its first nibble */       \
    X(null_loopback, "null_loopback", DLT_NULL, DLT_LOOP) /* four bytes of address family, either byte order */ \
    X(linux_cooked_v1, "linux_cooked_v1", DLT_LINUX_SLL)                                                        \
    X(linux_cooked_v2, "linux_cooked_v2", DLT_LINUX_SLL2)                                                       \
    X(ppp, "ppp", DLT_PPP, DLT_PPP_SERIAL) /* with or without address and control */                            \
    X(cisco_hdlc, "cisco_hdlc", DLT_C_HDLC)                                                                     \
    X(wireless, "wireless", DLT_IEEE802_11)                                                                     \
    X(radiotap, "radiotap", DLT_IEEE802_11_RADIO)                                                               \
    X(pktap, "pktap", DLT_PKTAP, DLT_USER2) /* macOS: names the link type of what follows; early */             \
                                            /* versions wrote the second number */                              \
    X(nflog, "nflog", DLT_NFLOG)            /* attributes of a packet by Linux's netfilter */                   \
    X(pppoe, "pppoe", DLT_PPP_ETHER)        /* without Ethernet */                                              \
    X(mpls, "mpls", DLT_MPLS)                                                                                   \
    X(llc, "llc", DLT_ATM_RFC1483) /* without Ethernet */                                                       \
    X(fddi, "fddi", DLT_FDDI)                                                                                   \
    X(token_ring, "token_ring", DLT_IEEE802)                                                                    \
    X(frame_relay, "frame_relay", DLT_FRELAY)                                                                   \
    X(ieee1394, "ieee1394", DLT_APPLE_IP_OVER_IEEE1394)                                                         \
    X(pflog, "pflog", DLT_PFLOG)                                                                                \
    X(enc, "enc", DLT_ENC)                                                                                      \
    X(prism, "prism", DLT_PRISM_HEADER, DLT_IEEE802_11_RADIO_AVS) /* a header before IEEE 802.11 */

TELLTALE_ENUMERATION(LinkType, std::uint8_t, TELLTALE_LINK_TYPES)

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
    bool reassembled = false;  // not a frame of the wire: a whole datagram, after the fragment that completed it

    [[nodiscard]] base::Bytes bytes() const { return {data, captured_length}; }
};

inline constexpr std::size_t kBatchFrames = 32;

}  // namespace telltale::model
