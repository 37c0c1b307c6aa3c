// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sensor/capture/port_figures.h"
#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/extract/counters.h"
#include "sensor/match/scanner.h"
#include "sensor/model/tap_index.h"
#include "sensor/pipeline/traffic_filter.h"
#include "sensor/track/stream_assembler.h"
#include "sensor/track/track_counters.h"

namespace telltale::pipeline {

struct WorkerCopy;
struct SourceCopy;

// The counters of all workers and sources added up.
struct PipelineTotals {
    std::uint64_t frames = 0;
    std::uint64_t bad_transport_checksums = 0;
    std::uint64_t records_lost = 0;  // observations that found no room, by workers and extractors
    std::uint64_t ring_full = 0;     // times that a worker's ring took nothing; with WhenFull::drop only
    decode::DecodeCounters decode;
    decode::DefragmentCounters defragment;
    track::TrackCounters track;
    track::StreamCounters streams;
    match::ScanCounters scan;
    std::vector<extract::ExtractCounters> extract;  // by worker
};

// One worker, as it published itself last: a few times per second, and exactly when it has ended.
struct WorkerFigures {
    std::uint64_t heartbeat = 0;  // turns of its loop; of this moment, not of the last publication
    double busy_ratio = 0;      // share of the time between the last two publications in which it had frames to work on
    std::uint64_t busy_ns = 0;  // since it started
    std::uint64_t running_ns = 0;
    std::uint64_t frames = 0;  // analysed
    std::uint64_t malformed = 0;
    std::uint64_t flows_active = 0;
    std::uint64_t flows_limit = 0;
    std::uint64_t flows_evicted = 0;
    // published = consumed + dropped + waiting, at any moment.
    std::uint64_t records_published = 0;
    std::uint64_t records_consumed = 0;
    std::uint64_t records_dropped = 0;  // observations that found no room; never a flow's bytes
    std::uint64_t records_waiting = 0;
    std::uint64_t ring_used_bytes = 0;
    std::uint64_t ring_bytes = 0;
    std::uint64_t ring_full = 0;    // times that the ring took nothing and the records had to wait
    std::uint64_t queue_used = 0;   // batches of frames that wait for it, behind a dispatcher
    std::uint64_t queue_limit = 0;  // 0: there is no dispatcher
};

// The fate of the frames of one port.
struct PortCounts {
    std::uint64_t analysed = 0;
    std::uint64_t duplicates = 0;  // found; dropped or not
    std::array<std::uint64_t, kPortDropCount> dropped{};
};

// TCP flows that have ended, by tap: with packets of both sides, and with packets of one side only. Many one-sided ones
// are the sign of a tap or mirror port that shows one direction.
struct TapFlows {
    std::uint64_t both_sides = 0;
    std::uint64_t one_side = 0;
};

// Everything that a pipeline counts, at one moment. A value.
struct PipelineFigures {
    PipelineTotals total;
    std::vector<WorkerFigures> workers;
    model::PortMap<PortCounts> ports;
    model::TapMap<TapFlows> taps;
    std::uint64_t dispatcher_heartbeat = 0;  // turns of its loop; 0 without a dispatcher

    void add(const WorkerCopy& worker);
    void add(const SourceCopy& source);
};

// received = analysed + every drop + in flight. After a run nothing is in flight.
struct PortAccount {
    capture::PortFigures port;
    PortCounts counts;
    std::uint64_t dropped = 0;    // all reasons
    std::uint64_t in_flight = 0;  // received, and not yet in a published figure
};
// `port` must be read after `figures`, so that it has received whatever they count.
PortAccount account_of(capture::PortFigures port, const PipelineFigures& figures);

}  // namespace telltale::pipeline
