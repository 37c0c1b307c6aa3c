// SPDX-License-Identifier: Apache-2.0
// Internet Protocol version 4 (RFC 791).
#include "sensor/decode/checksum.h"
#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kHeaderBytes = 20;

// Bounds the payload by the total length and sets view.ip_length. A length of 0 means that the sending host left
// segmentation to its network card after the capture; then the frame is the bound. Returns false if the length is below
// the header's.
bool bound_to_length(Layers& layers, std::uint32_t total_length, std::uint32_t header_length) {
    if (total_length == 0) {
        ++layers.counters.ip_length_zero;
        layers.ip_length_zero = true;
        layers.view.ip_length = static_cast<std::uint32_t>(kHeaderBytes) + layers.claimed();
        return true;
    }
    layers.view.ip_length = total_length;
    if (total_length < header_length) return false;
    const std::uint32_t behind_fixed = total_length - static_cast<std::uint32_t>(kHeaderBytes);
    layers.counters.ip_length_beyond_frame += behind_fixed > layers.claimed() ? 1U : 0U;
    layers.bound(behind_fixed);
    return true;
}

}  // namespace

DecodeOutcome read_ipv4(Layers& layers) {
    if (layers.remaining() < kHeaderBytes) return layers.missing(kHeaderBytes, DecodeOutcome::malformed_ipv4_header);
    const auto header = layers.take<kHeaderBytes>();
    if (header[0] >> 4 != 4) return DecodeOutcome::malformed_ip_version;
    const std::uint32_t header_length = (header[0] & 0x0fU) * 4;
    if (header_length < kHeaderBytes) return DecodeOutcome::malformed_ipv4_header;

    model::PacketView& view = layers.view;
    view.network_offset = static_cast<std::uint32_t>(layers.offset() - kHeaderBytes);
    const std::uint32_t flags_and_offset = be16<6>(header);
    view.network = model::Network::ipv4;
    view.source = model::IpAddress::v4(header.data() + 12);
    view.destination = model::IpAddress::v4(header.data() + 16);
    view.protocol = header[9];
    view.ttl = header[8];
    view.dont_fragment = (flags_and_offset & 0x4000) != 0;
    view.fragment = (flags_and_offset & 0x3fff) != 0;
    view.first_fragment = (flags_and_offset & 0x3fff) == 0x2000;
    layers.counters.ip_fragments += view.fragment ? 1U : 0U;
    if (!bound_to_length(layers, be16<2>(header), header_length)) return DecodeOutcome::malformed_ipv4_length;

    const std::size_t option_bytes = header_length - kHeaderBytes;
    if (layers.remaining() < option_bytes) return layers.missing(option_bytes, DecodeOutcome::malformed_ipv4_header);
    const base::Bytes options = layers.take(option_bytes);
    layers.counters.ipv4_bad_checksums += ipv4_checksum_valid(header, options) ? 0U : 1U;
    return read_ip_payload(layers, view.protocol, DecodeOutcome::ipv4);
}

}  // namespace telltale::decode
