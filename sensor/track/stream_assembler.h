// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/byte_reader.h"
#include "sensor/base/index_lists.h"
#include "sensor/model/packet_view.h"
#include "sensor/track/stream_state.h"
#include "sensor/track/track_counters.h"

namespace telltale::track {

// In-order bytes of the start of a message in a TCP direction (RFC 9293 section 3.4 for sequence numbers), bounded in
// memory and time. Owned by a worker's Tracker. An extractor offers each segment and answers what it got with exactly
// one of keep, consume_all and stop (consume may precede them):
//
//     const Bytes bytes = streams.offer(state, packet);
//     if (bytes.empty()) return;               // nothing new
//     switch (read_message(bytes)) {
//         case need_more: streams.keep(state); break;          // the next offer gives these bytes and more
//         case done:      streams.consume_all(state); break;   // the next message starts behind them
//         case finished:  streams.stop(state); break;          // one branch for every later segment
//     }
//
// A message that ends in its first segment is never copied: offer gives the packet's own payload. A buffer is taken
// only for a message that is kept or arrives out of order. If bytes come twice, the first copy stays; a second one
// that differs is counted. Without a SYN the first payload's sequence number is the base. Segments further ahead than a
// buffer are ignored; at the start of a message, where nothing of it is there and the capture has evidently lost it,
// the segment is taken as the start of another (counted as gap).
//
// When no buffer is free, the one that was taken first is taken from its stream, which stops (counted), so that
// unfinished messages cannot pin all buffers.
class StreamAssembler {
  public:
    static constexpr std::size_t kMaxRanges = 8;        // pieces of a message, between gaps
    static constexpr std::uint32_t kMaxJump = 1 << 20;  // a segment further ahead is garbage, not a gap

    // Up to 65,534 buffers. A message longer than `buffer_bytes` is given up.
    StreamAssembler(std::uint32_t buffers, std::uint32_t buffer_bytes);

    // A SYN was seen: the first message starts behind it. Ignored when bytes were seen. Tracker calls it.
    void begin(StreamState& state, std::uint32_t syn_sequence);

    // All bytes of the message that are in order now, borrowed until the next call for any stream; empty when there is
    // nothing new. state.cut: no more can follow them, because the capture cut the segment (payload shorter than
    // `wire_length`).
    [[nodiscard]] base::Bytes offer(StreamState& state, std::uint32_t sequence, base::Bytes payload,
                                    std::uint32_t wire_length);
    [[nodiscard]] base::Bytes offer(StreamState& state, const model::PacketView& packet);

    // The message is longer. With `wanted`, offer stays empty until that many bytes of the message are there (or no
    // more can come), so that a message in many small segments is not read again for each.
    void keep(StreamState& state, std::size_t wanted = 0);
    // The first `size` of the offered bytes are done with: the message starts behind them.
    void consume(StreamState& state, std::size_t size);
    void consume_all(StreamState& state);
    // Frees the buffer: nothing more is wanted of this direction.
    void stop(StreamState& state);

    [[nodiscard]] const StreamCounters& counters() const { return counters_; }
    [[nodiscard]] std::uint32_t buffer_bytes() const { return capacity_; }

  private:
    struct Range {  // offsets from the message's start
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    struct Buffer {
        StreamState* owner = nullptr;
        std::uint32_t start = 0;    // where the message starts in the buffer
        std::uint32_t offered = 0;  // bytes that offer has given
        std::uint32_t wanted = 0;
        std::uint32_t cut_at = kNoCut;  // no bytes can be in order behind this offset
        std::uint32_t cut_end = 0;      // where the cut segment ended on the wire
        std::uint32_t range_count = 0;
        std::array<Range, kMaxRanges> ranges;  // ascending, with gaps between them

        [[nodiscard]] std::uint32_t in_order() const;
    };
    static constexpr std::uint32_t kNoCut = 0xffffffff;
    enum List : std::uint32_t { kFree, kTaken, kListCount };

    base::Bytes offer_whole(StreamState& state, base::Bytes payload, std::uint32_t wire_length);
    base::Bytes offer_buffered(StreamState& state, std::uint32_t offset, base::Bytes payload,
                               std::uint32_t wire_length);
    bool take_buffer(StreamState& state);
    void release_buffer(StreamState& state);
    // Places bytes at an offset; false when there are too many gaps.
    bool place(Buffer& buffer, std::uint32_t offset, base::Bytes payload);
    void fill(Buffer& buffer, std::uint32_t first, std::uint32_t last, std::uint32_t offset, base::Bytes payload);
    void make_room(Buffer& buffer, std::uint32_t end);
    void drop_front(StreamState& state, Buffer& buffer, std::uint32_t size);
    [[nodiscard]] std::uint8_t* data(const Buffer& buffer);

    std::uint32_t capacity_;
    std::vector<Buffer> buffers_;
    std::unique_ptr<std::uint8_t[]> storage_;
    base::IndexLists lists_;
    // The bytes that were offered straight from the packet, for keep() and consume().
    base::Bytes whole_;
    std::uint32_t whole_wire_length_ = 0;
    StreamCounters counters_;
};

}  // namespace telltale::track
