// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/decode/defragmenter.h"
#include "tests/unit/decode/frames.h"

namespace telltale::decode {

// A part of a datagram's payload as it is sent: `bytes` at `offset`, and whether more follows.
struct Piece {
    std::uint32_t offset;
    support::Bytes bytes;
    bool more;
};

// The frame of a piece; `head` is everything up to the IP header (IPv6: up to where the fragment header goes).
inline support::Packet fragment_of(support::Packet head, const Piece& piece, std::uint32_t id, bool v6 = false,
                                   std::uint8_t protocol = 17) {
    const auto offset = static_cast<std::uint16_t>(piece.offset);
    if (v6) {
        head.fragment_header(offset, piece.more, id);
    } else {
        head.ip_id(static_cast<std::uint16_t>(id)).fragment(offset, piece.more);
    }
    return head.ip_protocol(protocol).payload(piece.bytes);
}

// `payload` in pieces of `size` bytes, a multiple of 8, in order.
inline std::vector<Piece> pieces_of(const support::Bytes& payload, std::size_t size) {
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < payload.size(); at += size) {
        const std::size_t end = std::min(payload.size(), at + size);
        pieces.push_back(
            {static_cast<std::uint32_t>(at),
             {payload.begin() + static_cast<std::ptrdiff_t>(at), payload.begin() + static_cast<std::ptrdiff_t>(end)},
             end < payload.size()});
    }
    return pieces;
}

// A defragmenter and the datagrams that came out of it, as bytes.
class Reassembly {
  public:
    explicit Reassembly(const DefragmenterConfig& config = {{1, 2}}) : defragmenter(config) {}

    // True when the frame completed a datagram.
    bool offer(const support::Packet& packet, std::int64_t time_ns = 0, std::size_t snap = SIZE_MAX) {
        const OwnedFrame owned(packet, snap);
        return offer(owned.frame, time_ns);
    }
    bool offer(model::Frame frame, std::int64_t time_ns = 0) {
        frame.timestamp_ns = time_ns;
        frame.order = order = order.next_frame();
        model::Frame whole;
        const bool done = defragmenter.offer(frame, whole);
        if (done) {
            last = whole;
            datagrams.emplace_back(whole.data, whole.data + whole.captured_length);
        }
        defragmenter.recycle();
        return done;
    }
    [[nodiscard]] const DefragmentCounters& counters() const { return defragmenter.counters(); }

    Defragmenter defragmenter;
    std::vector<support::Bytes> datagrams;
    model::Frame last;
    model::Order order;
};

}  // namespace telltale::decode
