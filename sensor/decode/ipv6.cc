// SPDX-License-Identifier: Apache-2.0
// Internet Protocol version 6 and its extension headers (RFC 8200).
#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kHeaderBytes = 40;
constexpr std::uint8_t kFragment = kIpv6FragmentHeader, kAuthentication = kAuthenticationHeader, kNoNextHeader = 59;

constexpr bool is_extension(std::uint8_t next) { return is_ipv6_extension(next); }

DecodeOutcome broken(const Layers& layers, std::size_t size) {
    return layers.missing(size, DecodeOutcome::malformed_ipv6_extension);
}

void read_fragment_header(Layers& layers, std::uint8_t& next) {
    const auto header = layers.take<8>();
    const std::uint32_t offset_and_more = be16<2>(header) & 0xfff9U;
    next = header[0];
    // Offset 0 and no more fragments: an atomic fragment (RFC 6946), which is a whole datagram.
    layers.view.fragment = offset_and_more != 0;
    layers.view.first_fragment = offset_and_more == 1;
}

// Hop-by-hop options, routing header, destination options. Their length is in units of 8 bytes and excludes the first.
bool skip_options(Layers& layers, std::uint8_t& next, DecodeOutcome& outcome) {
    const auto start = layers.rest().first<2>();
    const std::size_t size = (std::size_t{start[1]} + 1) * 8;
    if (layers.remaining() < size) {
        outcome = broken(layers, size);
        return false;
    }
    next = start[0];
    static_cast<void>(layers.take(size));
    return true;
}

// Stops at the first header that is not an IPv6 extension, and after a non-first fragment's header: only data follows
// it.
bool read_extensions(Layers& layers, std::uint8_t& next, DecodeOutcome& outcome) {
    for (unsigned count = 0; is_extension(next); ++count) {
        if (count == kMaxIpv6Extensions) {
            outcome = DecodeOutcome::malformed_ipv6_extension;
            return false;
        }
        if (layers.remaining() < 8) {
            outcome = broken(layers, 8);
            return false;
        }
        if (next == kFragment) {
            read_fragment_header(layers, next);
            if (layers.view.fragment) ++layers.counters.ip_fragments;
            if (layers.view.fragment && !layers.view.first_fragment) return true;
        } else if (next == kAuthentication) {
            if (!skip_authentication_header(layers, next, DecodeOutcome::malformed_ipv6_extension, outcome))
                return false;
        } else if (!skip_options(layers, next, outcome)) {
            return false;
        }
    }
    return true;
}

}  // namespace

DecodeOutcome read_ipv6(Layers& layers) {
    if (layers.remaining() < kHeaderBytes) return layers.missing(kHeaderBytes, DecodeOutcome::malformed_ipv6_header);
    const auto header = layers.take<kHeaderBytes>();
    if (header[0] >> 4 != 6) return DecodeOutcome::malformed_ip_version;

    model::PacketView& view = layers.view;
    view.network_offset = static_cast<std::uint32_t>(layers.offset() - kHeaderBytes);
    const std::uint32_t payload_length = be16<4>(header);
    view.network = model::Network::ipv6;
    view.source = model::IpAddress::v6(header.data() + 8);
    view.destination = model::IpAddress::v6(header.data() + 24);
    view.ttl = header[7];
    view.ip_length = static_cast<std::uint32_t>(kHeaderBytes) + payload_length;
    std::uint8_t next = header[6];
    // Length 0 and data: segmentation offload, or a jumbogram (RFC 2675). The frame is the bound.
    if (payload_length == 0 && next != kNoNextHeader) {
        ++layers.counters.ip_length_zero;
        layers.ip_length_zero = true;
        view.ip_length += layers.claimed();
    } else {
        layers.counters.ip_length_beyond_frame += payload_length > layers.claimed() ? 1U : 0U;
        layers.bound(payload_length);
    }

    DecodeOutcome outcome = DecodeOutcome::ipv6;
    const bool sound = read_extensions(layers, next, outcome);
    view.protocol = next;
    return sound ? read_ip_payload(layers, next, DecodeOutcome::ipv6) : outcome;
}

}  // namespace telltale::decode
