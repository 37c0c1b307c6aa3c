// SPDX-License-Identifier: Apache-2.0
// Address Resolution Protocol (RFC 826), for IPv4 over six-byte hardware addresses.
#include <cstring>

#include "sensor/decode/layers.h"

namespace telltale::decode {

DecodeOutcome read_arp(Layers& layers) {
    constexpr std::size_t kFixedBytes = 8;
    constexpr std::size_t kAddressBytes = 20;
    model::PacketView& view = layers.view;
    if (layers.remaining() < kFixedBytes) return layers.missing(kFixedBytes, DecodeOutcome::malformed_arp);
    const auto fixed = layers.take<kFixedBytes>();
    view.network = model::Network::arp;
    view.arp_operation = be16<6>(fixed);
    // ARP for other protocols, or with addresses of other lengths, is sound but says nothing here.
    if (be16<2>(fixed) != model::kEtherTypeIpv4 || fixed[4] != 6 || fixed[5] != 4) return DecodeOutcome::arp;
    if (layers.remaining() < kAddressBytes) return layers.missing(kAddressBytes, DecodeOutcome::malformed_arp);
    const auto addresses = layers.take<kAddressBytes>();
    std::memcpy(view.arp_sender_mac.bytes.data(), addresses.data(), 6);
    view.source = model::IpAddress::v4(addresses.data() + 6);
    view.destination = model::IpAddress::v4(addresses.data() + 16);
    return DecodeOutcome::arp;
}

}  // namespace telltale::decode
