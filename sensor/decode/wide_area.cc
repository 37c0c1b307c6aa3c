// SPDX-License-Identifier: Apache-2.0
// Provider headers between link and network layer: PPP (RFC 1661), PPPoE (RFC 2516), MPLS (RFC 3032; Ethernet after a
// control word: RFC 4448). None has addresses of its own.
#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057, kPppMpls = 0x0281;

}  // namespace

DecodeOutcome read_ppp(Layers& layers) {
    if (layers.remaining() >= 2 && layers.rest()[0] == 0xff && layers.rest()[1] == 0x03) {
        static_cast<void>(layers.take(2));
    }
    if (layers.remaining() < 2) return layers.missing(2, DecodeOutcome::malformed_link);
    // An odd first octet is a whole, compressed protocol number (RFC 1661 section 6.5).
    std::uint16_t protocol = layers.peek();
    if ((protocol & 1) != 0) {
        static_cast<void>(layers.take(1));
    } else {
        protocol = be16<0>(layers.take<2>());
    }
    switch (protocol) {
        case kPppIpv4: return read_ipv4(layers);
        case kPppIpv6: return read_ipv6(layers);
        case kPppMpls: return read_mpls(layers);
        default: return end_without_ip(layers, DecodeOutcome::other_ether_type);
    }
}

DecodeOutcome read_pppoe(Layers& layers) {
    if (layers.remaining() < 6) return layers.missing(6, DecodeOutcome::malformed_link);
    const auto header = layers.take<6>();
    if (header[0] != 0x11 || header[1] != 0) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    const std::uint32_t length = be16<4>(header);
    // A reassembled datagram keeps the headers of its first fragment.
    if (length < layers.claimed() && !layers.view.frame->reassembled) layers.bound(length);
    return read_ppp(layers);
}

DecodeOutcome read_mpls(Layers& layers) {
    for (unsigned labels = 0; labels < kMaxMplsLabels; ++labels) {
        if (layers.remaining() < 4) return layers.missing(4, DecodeOutcome::malformed_link);
        const std::uint32_t label = be32<0>(layers.take<4>());
        if ((label & 0x100) == 0) continue;  // not the bottom of the stack
        switch (layers.peek() >> 4) {
            case 4: return read_ipv4(layers);
            case 6: return read_ipv6(layers);
            case 0:  // a control word
                if (layers.remaining() < 4) return layers.missing(4, DecodeOutcome::malformed_link);
                static_cast<void>(layers.take(4));
                return read_bridged_ethernet(layers);
            default: return end_without_ip(layers, DecodeOutcome::other_ether_type);
        }
    }
    return DecodeOutcome::malformed_link;
}

}  // namespace telltale::decode
