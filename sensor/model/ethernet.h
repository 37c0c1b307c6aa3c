// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_reader.h"

namespace telltale::model {

// EtherTypes (IEEE 802 Numbers).
inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800, kEtherTypeArp = 0x0806, kEtherTypeIpv6 = 0x86dd,
                               kEtherTypeMpls = 0x8847, kEtherTypeMplsMulticast = 0x8848, kEtherTypePppoe = 0x8864,
                               kEtherTypeEthernet = 0x6558, kEtherTypeVnTag = 0x8926, kEtherTypeBackbone = 0x88e7;

// VLAN tags: IEEE 802.1Q, 802.1ad, and double tags from before 802.1ad.
constexpr bool is_vlan_tag(std::uint16_t ether_type) {
    return ether_type == 0x8100 || ether_type == 0x88a8 || ether_type == 0x9100;
}
inline constexpr unsigned kMaxVlanTags = 8;                       // of a frame, VN-Tags included
inline constexpr std::size_t kVlanTagBytes = 4, kVnTagBytes = 6;  // with the EtherType at their end
inline constexpr std::size_t kEthernetBytes = 14;

// The network layer of a frame: the EtherType after all tags, and where its header begins.
struct NetworkStart {
    std::uint16_t ether_type = 0;
    std::size_t offset = 0;

    [[nodiscard]] constexpr bool is_ip() const { return ether_type == kEtherTypeIpv4 || ether_type == kEtherTypeIpv6; }
    [[nodiscard]] constexpr bool is_ipv4() const { return ether_type == kEtherTypeIpv4; }
};

// Peeks at a frame before it is decoded. `start` is the EtherType of the link header and the offset after it; tags that
// the bytes do not hold whole are left where they are.
constexpr NetworkStart skip_tags(base::Bytes frame, NetworkStart start) {
    for (unsigned tags = 0; tags < kMaxVlanTags; ++tags) {
        const bool vn_tag = start.ether_type == kEtherTypeVnTag;
        if (!vn_tag && !is_vlan_tag(start.ether_type)) break;
        const std::size_t next = start.offset + (vn_tag ? kVnTagBytes : kVlanTagBytes);
        if (next > frame.size()) break;
        start = {base::u16_at(frame, next - 2), next};
    }
    return start;
}
// The same for an Ethernet frame from its first byte.
constexpr NetworkStart network_start(base::Bytes frame) {
    return skip_tags(frame, {base::u16_at(frame, kEthernetBytes - 2), kEthernetBytes});
}

}  // namespace telltale::model
