// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/model/tap_index.h"

namespace telltale::track {

// X(name, is a gauge, help). Each counter stands here once; who publishes them walks for_each_counter.
#define TELLTALE_TRACK_COUNTERS(X)                                                                             \
    X(flows_active, true, "Flows in the table")                                                                \
    X(flows_opened, false, "Flows opened")                                                                     \
    X(flows_closed_idle, false, "Flows closed after their idle timeout")                                       \
    X(flows_closed_over, false, "Flows closed because their TCP connection had ended (FIN both ways, or RST)") \
    X(flows_closed_reopened, false, "Flows closed because a new connection took their addresses and ports")    \
    X(flows_closed_evicted, false, "Flows closed early because the table was full")                            \
    X(flows_closed_end, false, "Flows closed because the source ended")                                        \
    X(packets, false, "Packets counted in a flow")                                                             \
    X(bytes, false, "IP bytes counted in a flow")                                                              \
    X(untracked_packets, false, "Packets in no flow: table full and no room to report the flow to be evicted") \
    X(untracked_bytes, false, "IP bytes of the same")                                                          \
    X(records_owed, false, "Flow records that had to wait for room")                                           \
    X(late_packets, false, "Packets reported with the interval before, whose delta had to wait for room")      \
    X(tcp_gaps, false, "Times that a TCP segment came behind bytes that had not been seen")                    \
    X(tcp_gap_bytes, false, "Bytes in these gaps")                                                             \
    X(tcp_gap_filled_bytes, false, "Bytes of them that came later; the others were lost, to us or to all")     \
    X(intervals_closed, false, "Ledger intervals closed")                                                      \
    X(clock_rebased, false, "Jumps of the clock backwards")

#define TELLTALE_STREAM_COUNTERS(X)                                                                           \
    X(buffers_taken, true, "Stream buffers in use")                                                           \
    X(messages_buffered, false, "Messages that did not end in their first segment or came out of order")      \
    X(buffers_reclaimed, false, "Stream buffers taken away from an unfinished message because none was free") \
    X(streams_without_buffer, false, "Directions given up because there are no buffers")                      \
    X(messages_too_long, false, "Directions given up because a message is longer than a buffer")              \
    X(messages_cut, false, "Directions given up because the capture cut the message")                         \
    X(segments_repeated, false, "Segments that brought only bytes that were there")                           \
    X(segments_ahead, false, "Segments ignored: further ahead than a buffer")                                 \
    X(segments_scattered, false, "Segments ignored: too many gaps before them")                               \
    X(overlaps_different, false, "Segments that repeat bytes with other content")                             \
    X(gaps, false, "Messages whose start was lost")

#define TELLTALE_COUNTER_FIELD(name, is_gauge, help) std::uint64_t name = 0;

// Of one worker, written by it alone; publish a copy to other threads.
struct TrackCounters {
    TELLTALE_TRACK_COUNTERS(TELLTALE_COUNTER_FIELD)
};
struct StreamCounters {
    TELLTALE_STREAM_COUNTERS(TELLTALE_COUNTER_FIELD)
};
#undef TELLTALE_COUNTER_FIELD

// TCP flows that have closed, by tap: heard from both sides, or from one alone that went on after its SYN.
struct TapSides {
    model::TapMap<std::uint64_t> both;
    model::TapMap<std::uint64_t> one;
};

// Calls visit(std::string_view name, bool is_gauge, std::string_view help, std::uint64_t value) for each.
#define TELLTALE_COUNTER_VISIT(name, is_gauge, help) \
    visit(std::string_view(#name), is_gauge, std::string_view(help), counters.name);
template <typename Visit>
void for_each_counter(const TrackCounters& counters, Visit&& visit) {
    TELLTALE_TRACK_COUNTERS(TELLTALE_COUNTER_VISIT)
}
template <typename Visit>
void for_each_counter(const StreamCounters& counters, Visit&& visit) {
    TELLTALE_STREAM_COUNTERS(TELLTALE_COUNTER_VISIT)
}
#undef TELLTALE_COUNTER_VISIT

}  // namespace telltale::track
