// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/counters.h"
#include "sensor/model/tap_index.h"

namespace telltale::track {

#define TELLTALE_TRACK_COUNTERS(X)                                                                               \
    X(flows_active, gauge, "Flows in the flow table")                                                            \
    X(flows_opened, counter, "Flows opened")                                                                     \
    X(flows_closed_idle, counter, "Flows closed after their idle timeout")                                       \
    X(flows_closed_over, counter, "Flows closed because their TCP connection had ended (FIN both ways, or RST)") \
    X(flows_closed_reopened, counter, "Flows closed because a new connection took their addresses and ports")    \
    X(flows_closed_evicted, counter, "Flows closed early because the table was full")                            \
    X(flows_closed_end, counter, "Flows closed because the source ended")                                        \
    X(packets, counter, "Packets counted in flows")                                                              \
    X(bytes, counter, "IP bytes counted in flows")                                                               \
    X(untracked_packets, counter,                                                                                \
      "Packets counted in no flow because the flow table was full and no flow could be evicted")                 \
    X(untracked_bytes, counter,                                                                                  \
      "IP bytes counted in no flow because the flow table was full and no flow could be evicted")                \
    X(records_owed, counter, "Records of flows that had to wait for room in the ring to correlation")            \
    X(late_packets, counter,                                                                                     \
      "Packets reported with the previous interval because their flow's record had to wait for room")            \
    X(tcp_gaps, counter, "Gaps in TCP streams: times that a segment followed bytes that had not been seen")      \
    X(tcp_gap_bytes, counter, "Bytes in gaps of TCP streams")                                                    \
    X(tcp_gap_filled_bytes, counter,                                                                             \
      "Bytes in gaps of TCP streams that came later; the others were lost, to the sensor or to everybody")       \
    X(intervals_closed, counter, "Ledger intervals closed")                                                      \
    X(clock_rebased, counter, "Times that the capture's clock jumped backwards")

#define TELLTALE_STREAM_COUNTERS(X)                                                                               \
    X(buffers_taken, gauge, "Buffers in use for TCP messages")                                                    \
    X(messages_buffered, counter, "TCP messages that did not end in their first segment or came out of order")    \
    X(buffers_reclaimed, counter, "Buffers taken from an unfinished TCP message because no other was free")       \
    X(streams_without_buffer, counter, "Directions of TCP streams given up because no buffer was free")           \
    X(messages_too_long, counter, "Directions of TCP streams given up because a message is longer than a buffer") \
    X(messages_cut, counter, "Directions of TCP streams given up because the capture cut the message")            \
    X(segments_repeated, counter, "TCP segments whose bytes were all there already")                              \
    X(segments_ahead, counter, "TCP segments ignored because they are further ahead than a buffer is long")       \
    X(segments_scattered, counter, "TCP segments ignored because too many gaps precede them")                     \
    X(overlaps_different, counter, "TCP segments that repeat bytes with other content")                           \
    X(gaps, counter, "TCP messages whose start was lost")

// Counters of one worker, written by it alone; publish a copy to other threads.
struct TrackCounters {
    TELLTALE_COUNTERS(TrackCounters, TELLTALE_TRACK_COUNTERS)
};
struct StreamCounters {
    TELLTALE_COUNTERS(StreamCounters, TELLTALE_STREAM_COUNTERS)
};

#define TELLTALE_TAP_COUNTERS(X)                                                    \
    X(both_sides, counter, "TCP flows that have ended, with packets of both sides") \
    X(one_side, counter, "TCP flows that have ended, with packets of one side that went on after its SYN")

// TCP flows of one tap. Many one-sided ones are the sign of a tap or mirror port that shows one direction.
struct TapCounters {
    TELLTALE_COUNTERS(TapCounters, TELLTALE_TAP_COUNTERS)
};
using TapSides = model::TapMap<TapCounters>;

}  // namespace telltale::track
