// SPDX-License-Identifier: Apache-2.0
// Link types that are rare today, for capture files: FDDI (ISO 9314-2) and Token Ring (IEEE 802.5), Frame Relay (RFC
// 2427), IP over IEEE 1394 (RFC 2734), OpenBSD's pflog and enc, the Prism and AVS headers before IEEE 802.11.
// www.tcpdump.org/linktypes.html describes their layouts in captures.
#include <cstring>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kMacBytes = 6;
constexpr std::size_t kMaxHeaderBytes = 1024;  // of pseudo headers that contain their own length
constexpr std::uint32_t kAvsVersion1 = 0x80211001, kAvsVersion2 = 0x80211002;

// Takes the destination, then the source. The bits of `mark` in the source are not part of the address.
void take_macs(Layers& layers, base::Bytes addresses, std::uint8_t mark) {
    std::memcpy(layers.view.destination_mac.bytes.data(), addresses.data(), kMacBytes);
    std::memcpy(layers.view.source_mac.bytes.data(), addresses.data() + kMacBytes, kMacBytes);
    layers.view.source_mac.bytes[0] &= static_cast<std::uint8_t>(~mark);
}

// Skips a pseudo header of this size. Returns false, with the reason in `outcome`, if it is shorter than `least`, too
// long, or cut.
bool pass_header(Layers& layers, std::size_t size, std::size_t least, DecodeOutcome& outcome) {
    if (size < least || size > kMaxHeaderBytes) {
        outcome = DecodeOutcome::malformed_link;
        return false;
    }
    if (size > layers.remaining()) {
        outcome = layers.missing(size, DecodeOutcome::malformed_link);
        return false;
    }
    static_cast<void>(layers.take(size));
    return true;
}

}  // namespace

// Reads frame control and addresses; LLC follows in data frames.
DecodeOutcome read_fddi(Layers& layers) {
    constexpr std::size_t kBytes = 1 + 2 * kMacBytes;
    constexpr std::uint8_t kClass = 0xf0, kAsynchronousData = 0x50;
    if (layers.remaining() < kBytes) return layers.missing(kBytes, DecodeOutcome::malformed_link);
    const base::Bytes header = layers.take(kBytes);
    take_macs(layers, header.subspan(1), 0);
    if ((header[0] & kClass) != kAsynchronousData) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    return read_llc(layers);
}

// Reads access and frame control, addresses, and the route if the source address is marked.
DecodeOutcome read_token_ring(Layers& layers) {
    constexpr std::size_t kBytes = 2 + 2 * kMacBytes;
    constexpr std::uint8_t kType = 0xc0, kData = 0x40, kRouted = 0x80, kRouteLength = 0x1f;
    if (layers.remaining() < kBytes) return layers.missing(kBytes, DecodeOutcome::malformed_link);
    const base::Bytes header = layers.take(kBytes);
    take_macs(layers, header.subspan(2), kRouted);
    if ((header[2 + kMacBytes] & kRouted) != 0) {
        if (layers.remaining() < 2) return layers.missing(2, DecodeOutcome::malformed_link);
        DecodeOutcome outcome{};
        if (!pass_header(layers, layers.peek() & kRouteLength, 2, outcome)) return outcome;
    }
    if ((header[1] & kType) != kData) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    return read_llc(layers);
}

// Reads an address of two to four bytes, the last one marked, then the protocol that the network layer's identifier
// names.
DecodeOutcome read_frame_relay(Layers& layers) {
    constexpr std::size_t kMaxAddressBytes = 4;
    constexpr std::uint8_t kLast = 0x01, kUnnumbered = 0x03, kPad = 0x00;
    constexpr std::uint8_t kSnap = 0x80, kIpv6 = 0x8e, kIpv4 = 0xcc;
    std::uint8_t octet = 0;
    const auto next = [&layers, &octet] {
        if (layers.remaining() == 0) return false;
        octet = layers.take(1)[0];
        return true;
    };
    for (std::size_t i = 0; i < kMaxAddressBytes && (octet & kLast) == 0; ++i) {
        if (!next()) return layers.missing(1, DecodeOutcome::malformed_link);
    }
    if ((octet & kLast) == 0) return DecodeOutcome::malformed_link;
    if (!next()) return layers.missing(1, DecodeOutcome::malformed_link);
    if (octet != kUnnumbered) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    if (!next() || (octet == kPad && !next())) return layers.missing(1, DecodeOutcome::malformed_link);
    switch (octet) {
        case kIpv4: return read_ipv4(layers);
        case kIpv6: return read_ipv6(layers);
        case kSnap: break;
        default: return end_without_ip(layers, DecodeOutcome::other_ether_type);
    }
    if (layers.remaining() < 5) return layers.missing(5, DecodeOutcome::malformed_link);
    const auto snap = layers.take<5>();
    const std::uint32_t organisation = be32<0>(snap) >> 8;
    if (organisation == 0x0080c2) return read_bridged_ethernet(layers);
    if (organisation != 0) return end_without_ip(layers, DecodeOutcome::other_ether_type);
    layers.view.ether_type = be16<3>(snap);
    return read_ether_type(layers, layers.view.ether_type);
}

// Reads two addresses of eight bytes, which are not MAC addresses, and an EtherType.
DecodeOutcome read_ieee1394(Layers& layers) {
    constexpr std::size_t kBytes = 18;
    if (layers.remaining() < kBytes) return layers.missing(kBytes, DecodeOutcome::malformed_link);
    layers.view.ether_type = be16<16>(layers.take<kBytes>());
    return read_ether_type(layers, layers.view.ether_type);
}

// Reads a header that starts with its length, without the padding to four bytes. The packet's version decides the
// family.
DecodeOutcome read_pflog(Layers& layers) {
    if (layers.remaining() < 2) return layers.missing(2, DecodeOutcome::malformed_link);
    constexpr std::size_t kLeastBytes = 44;
    DecodeOutcome outcome{};
    return pass_header(layers, (std::size_t{layers.peek()} + 3) & ~std::size_t{3}, kLeastBytes, outcome)
               ? read_ip(layers)
               : outcome;
}

// Skips the address family, in the byte order of the capturing host, the association's index and flags.
DecodeOutcome read_enc(Layers& layers) {
    constexpr std::size_t kBytes = 12;
    if (layers.remaining() < kBytes) return layers.missing(kBytes, DecodeOutcome::malformed_link);
    static_cast<void>(layers.take(kBytes));
    return read_ip(layers);
}

// Reads either header: Prism's has its length in the byte order of the host, AVS's in network order.
DecodeOutcome read_prism(Layers& layers) {
    if (layers.remaining() < 8) return layers.missing(8, DecodeOutcome::malformed_link);
    const auto start = layers.next<8>();
    const std::uint32_t version = be32<0>(start);
    const bool avs = version == kAvsVersion1 || version == kAvsVersion2;
    const std::uint32_t big = be32<4>(start), little = le32<4>(start);
    DecodeOutcome outcome{};
    return pass_header(layers, avs || big <= kMaxHeaderBytes ? big : little, 8, outcome) ? read_wireless(layers)
                                                                                         : outcome;
}

}  // namespace telltale::decode
