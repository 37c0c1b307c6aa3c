// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/counters.h"
#include "sensor/model/tap_index.h"

namespace telltale::track {

#define TELLTALE_TRACK_COUNTERS(X)                                                                               \
    X(flows_active, gauge, "Flows in the table")                                                                 \
    X(flows_opened, counter, "Flows opened")                                                                     \
    X(flows_closed_idle, counter, "Flows closed after their idle timeout")                                       \
    X(flows_closed_over, counter, "Flows closed because their TCP connection had ended (FIN both ways, or RST)") \
    X(flows_closed_reopened, counter, "Flows closed because a new connection took their addresses and ports")    \
    X(flows_closed_evicted, counter, "Flows closed early because the table was full")                            \
    X(flows_closed_end, counter, "Flows closed because the source ended")                                        \
    X(packets, counter, "Packets counted in a flow")                                                             \
    X(bytes, counter, "IP bytes counted in a flow")                                                              \
    X(untracked_packets, counter, "Packets in no flow: table full and no room to report the flow to be evicted") \
    X(untracked_bytes, counter, "IP bytes of the same")                                                          \
    X(records_owed, counter, "Flow records that had to wait for room")                                           \
    X(late_packets, counter, "Packets reported with the interval before, whose delta had to wait for room")      \
    X(tcp_gaps, counter, "Times that a TCP segment came behind bytes that had not been seen")                    \
    X(tcp_gap_bytes, counter, "Bytes in these gaps")                                                             \
    X(tcp_gap_filled_bytes, counter, "Bytes of them that came later; the others were lost, to us or to all")     \
    X(intervals_closed, counter, "Ledger intervals closed")                                                      \
    X(clock_rebased, counter, "Jumps of the clock backwards")

#define TELLTALE_STREAM_COUNTERS(X)                                                                             \
    X(buffers_taken, gauge, "Stream buffers in use")                                                            \
    X(messages_buffered, counter, "Messages that did not end in their first segment or came out of order")      \
    X(buffers_reclaimed, counter, "Stream buffers taken away from an unfinished message because none was free") \
    X(streams_without_buffer, counter, "Directions given up because there are no buffers")                      \
    X(messages_too_long, counter, "Directions given up because a message is longer than a buffer")              \
    X(messages_cut, counter, "Directions given up because the capture cut the message")                         \
    X(segments_repeated, counter, "Segments that brought only bytes that were there")                           \
    X(segments_ahead, counter, "Segments ignored: further ahead than a buffer")                                 \
    X(segments_scattered, counter, "Segments ignored: too many gaps before them")                               \
    X(overlaps_different, counter, "Segments that repeat bytes with other content")                             \
    X(gaps, counter, "Messages whose start was lost")

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
