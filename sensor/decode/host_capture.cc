// SPDX-License-Identifier: Apache-2.0
// Headers that captures on a host put before packets, for capture files: macOS's PKTAP (bsd/net/pktap.h of XNU) and
// Linux's NFLOG (www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html, linux/netfilter/nfnetlink_log.h). Both have the byte
// order of the capturing host, which is little endian wherever they exist.
#include <cstring>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kPktapBytes = 48;  // up to the last field that is used
constexpr std::uint32_t kMaxPktapBytes = 1024;
constexpr std::uint32_t kPacketRecord = 1;
// The link types by macOS's numbers.
constexpr std::uint32_t kMacNull = 0, kMacEthernet = 1, kMacRaw = 12, kMacLoop = 108;

constexpr std::size_t kNflogHeadBytes = 4, kNflogTlvBytes = 4;
constexpr std::uint16_t kNflogHardwareAddress = 8, kNflogPayload = 9;
constexpr std::uint8_t kIpv4Family = 2, kIpv6Family = 10;

// A length of two bytes in network order, two unused bytes, eight of address.
void take_hardware_address(base::Bytes value, model::PacketView& view) {
    if (value.size() < 10 || value[0] != 0 || value[1] != 6) return;
    std::memcpy(view.source_mac.bytes.data(), value.data() + 4, 6);
}

}  // namespace

DecodeOutcome read_pktap(Layers& layers) {
    if (layers.remaining() < kPktapBytes) return layers.missing(kPktapBytes, DecodeOutcome::malformed_link);
    const auto header = layers.next<12>();
    const std::uint32_t length = le32<0>(header), link = le32<8>(header);
    if (length < kPktapBytes || length > kMaxPktapBytes) return DecodeOutcome::malformed_link;
    if (le32<4>(header) != kPacketRecord) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    if (length > layers.remaining()) return layers.missing(length, DecodeOutcome::malformed_link);
    static_cast<void>(layers.take(length));
    switch (link) {
        case kMacNull:
        case kMacLoop: return read_link(layers, model::LinkType::null_loopback);
        case kMacEthernet: return read_ethernet(layers);
        case kMacRaw: return read_ip(layers);
        default: return end_without_ip(layers, DecodeOutcome::other_ether_type);
    }
}

DecodeOutcome read_nflog(Layers& layers) {
    if (layers.remaining() < kNflogHeadBytes) return layers.missing(kNflogHeadBytes, DecodeOutcome::malformed_link);
    const std::uint8_t family = layers.take(kNflogHeadBytes)[0];
    // Each iteration consumes at least four bytes.
    while (layers.remaining() >= kNflogTlvBytes) {
        const auto header = layers.next<kNflogTlvBytes>();
        const std::uint32_t length = le16<0>(header);
        const std::uint16_t type = le16<2>(header) & 0x7fff;
        if (length < kNflogTlvBytes) return DecodeOutcome::malformed_link;
        static_cast<void>(layers.take(kNflogTlvBytes));
        const std::uint32_t size = length - static_cast<std::uint32_t>(kNflogTlvBytes);
        if (type == kNflogPayload) {
            if (size < layers.claimed() && !layers.view.frame->reassembled) layers.bound(size);
            if (family != kIpv4Family && family != kIpv6Family) {
                return end_without_ip(layers, DecodeOutcome::other_ether_type);
            }
            return read_ip(layers);
        }
        if (size > layers.remaining()) return layers.missing(size, DecodeOutcome::malformed_link);
        const base::Bytes value = layers.take(size);
        if (type == kNflogHardwareAddress) take_hardware_address(value, layers.view);
        const std::size_t padding = std::min<std::size_t>((4 - size % 4) % 4, layers.remaining());
        static_cast<void>(layers.take(padding));
    }
    return end_without_ip(layers, DecodeOutcome::other_ether_type);
}

}  // namespace telltale::decode
