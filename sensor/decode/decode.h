// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/decode/outcome.h"
#include "sensor/model/frame.h"
#include "sensor/model/packet_view.h"

namespace telltale::decode {

// Counters of decode: plain fields with a single writer, the worker that owns them. An outcome is counted once per
// frame, so frames() is the sum of the outcomes. The other fields count properties; a frame may have several.
struct DecodeCounters {
    std::array<std::uint64_t, kDecodeOutcomeCount> outcomes{};
    std::uint64_t snapped_frames = 0;
    std::uint64_t ipv4_bad_checksums = 0;
    std::uint64_t ip_fragments = 0;
    std::uint64_t ip_length_zero = 0;
    std::uint64_t ip_length_beyond_frame = 0;
    std::uint64_t reassembled_datagrams = 0;
    std::uint64_t tunnelled_packets = 0;
    std::uint64_t tunnels_not_entered = 0;

    [[nodiscard]] std::uint64_t count(DecodeOutcome outcome) const {
        return outcomes[static_cast<std::size_t>(outcome)];
    }
    [[nodiscard]] std::uint64_t frames() const;
    [[nodiscard]] std::uint64_t malformed_frames() const;
    DecodeCounters& operator+=(const DecodeCounters& other);
};

// The property counters, each listed once. to_string(DecodeOutcome) names the outcomes.
struct DecodeCounterInfo {
    std::string_view name;
    std::string_view help;
    std::uint64_t DecodeCounters::*field;
};
inline constexpr std::array kDecodeCounterInfo{
    DecodeCounterInfo{"snapped_frames", "Frames of which the capture holds less than was on the wire",
                      &DecodeCounters::snapped_frames},
    DecodeCounterInfo{"ipv4_bad_checksums", "IPv4 headers with a wrong checksum; analysed all the same",
                      &DecodeCounters::ipv4_bad_checksums},
    DecodeCounterInfo{"ip_fragments", "Parts of fragmented IP datagrams", &DecodeCounters::ip_fragments},
    DecodeCounterInfo{"ip_length_zero", "IP headers with length 0: segmentation offload on the capturing host",
                      &DecodeCounters::ip_length_zero},
    DecodeCounterInfo{"ip_length_beyond_frame", "IP headers that claim more than the frame had on the wire",
                      &DecodeCounters::ip_length_beyond_frame},
    DecodeCounterInfo{"reassembled_datagrams", "Whole datagrams put together from fragments; frames of no outcome",
                      &DecodeCounters::reassembled_datagrams},
    DecodeCounterInfo{"tunnelled_packets", "Packets whose addresses are those inside a tunnel",
                      &DecodeCounters::tunnelled_packets},
    DecodeCounterInfo{"tunnels_not_entered",
                      "Tunnels whose inside was not analysed: not IP, not sound, or too many in each other",
                      &DecodeCounters::tunnels_not_entered},
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
