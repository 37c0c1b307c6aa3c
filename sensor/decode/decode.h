// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "sensor/base/counters.h"
#include "sensor/decode/outcome.h"
#include "sensor/model/frame.h"
#include "sensor/model/packet_view.h"

namespace telltale::decode {

#define TELLTALE_DECODE_COUNTERS(X)                                                                             \
    X(snapped_frames, counter, "Frames that the capture holds only in part")                                    \
    X(ipv4_bad_checksums, counter, "IPv4 headers with a wrong checksum; analysed all the same")                 \
    X(bad_transport_checksums, counter,                                                                         \
      "Packets with a wrong TCP or UDP checksum, of those that are read; analysed all the same")                \
    X(ip_fragments, counter, "Parts of fragmented IP datagrams")                                                \
    X(ip_length_zero, counter, "IP headers with length 0: segmentation offload on the capturing host")          \
    X(ip_length_beyond_frame, counter, "IP headers that claim more than the frame had on the wire")             \
    X(reassembled_datagrams, counter, "Whole datagrams put together from fragments; frames without an outcome") \
    X(tunnelled_packets, counter, "Packets in tunnels, whose inner addresses were used")                        \
    X(tunnels_not_entered, counter, "Tunnels whose inside was not analysed: not IP, not sound, or too deeply nested")

// Counters of decoding, written by the worker that owns them. frames() is the sum of the outcomes; the other counters
// mark properties, of which a frame may have several.
struct DecodeCounters {
    TELLTALE_COUNTERS(DecodeCounters, TELLTALE_DECODE_COUNTERS)
    base::EnumArray<DecodeOutcome, std::uint64_t> outcomes;

    static constexpr std::tuple kArrays{
        base::CounterArray{"", "outcome", "Frames by how decoding ended", &DecodeCounters::outcomes}};

    [[nodiscard]] std::uint64_t count(DecodeOutcome outcome) const { return outcomes[outcome]; }
    [[nodiscard]] std::uint64_t frames() const;
    [[nodiscard]] std::uint64_t malformed_frames() const;
};

// Reads a frame's headers from link to transport into `view`, which it resets, and counts the outcome. Never fails:
// fields that are not sound keep their defaults. A reassembled datagram is counted as such and has no outcome. The
// captured length overrides every claimed length. The IP length bounds the payload and so excludes link padding.
// Borrows the frame. Headers: Ethernet II and 802.3 with LLC/SNAP (IEEE 802.3, RFC 1042), 802.1Q and 802.1ad tags, raw
// IP, null/loopback and Linux cooked (www.tcpdump.org/linktypes), ARP (RFC 826), IPv4 (RFC 791), IPv6 with extension
// headers (RFC 8200, AH: RFC 4302), TCP (RFC 9293), UDP (RFC 768), MPLS (RFC 3032), PPP and PPPoE (RFC 1661, RFC 2516),
// IEEE 802.11 data.
//
// Enters up to `tunnels` nested tunnels (tunnels.cc lists them). The view then describes the innermost packet, whose
// bytes are counted. If the inside of a tunnel is not sound IP, the view describes the packet around it. With 0, the
// outermost addresses are the devices'.
DecodeOutcome decode(const model::Frame& frame, model::PacketView& view, DecodeCounters& counters,
                     unsigned tunnels = kMaxTunnels);

// The same for a batch: views[i] describes frames[i]. `views` must not be shorter than `frames`.
void decode_batch(std::span<const model::Frame> frames, std::span<model::PacketView> views, DecodeCounters& counters,
                  unsigned tunnels = kMaxTunnels);

}  // namespace telltale::decode
