// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/capture/port_figures.h"
#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/extract/counters.h"
#include "sensor/match/scanner.h"
#include "sensor/model/tap_index.h"
#include "sensor/pipeline/traffic_filter.h"
#include "sensor/pipeline/worker.h"
#include "sensor/track/track_counters.h"

namespace telltale::pipeline {

struct WorkerCopy;
struct SourceCopy;

// Observations that found no room, at workers and in extractors.
[[nodiscard]] inline std::uint64_t records_lost(const WorkerCounters& worker, const extract::ExtractCounters& extract) {
    return worker.notes_lost + extract.records_lost();
}

// The counters of all workers and sources added up: nothing but 64-bit counters.
struct PipelineTotals {
    WorkerCounters worker;
    decode::DecodeCounters decode;
    decode::DefragmentCounters defragment;
    track::TrackCounters track;
    track::StreamCounters streams;
    match::ScanCounters scan;
    extract::ExtractCounters extract;

    [[nodiscard]] std::uint64_t records_lost() const { return pipeline::records_lost(worker, extract); }

    // Calls report(std::string_view stage, std::string_view protocol, const base::CounterValue&) for every counter. The
    // stage is empty for the workers' own; the protocol for all that does not belong to one.
    template <typename Report>
    void visit(Report&& report) const {
        const auto list = [&](std::string_view stage, const auto& counters) {
            base::visit(counters, [&](const base::CounterValue& value) { report(stage, std::string_view(), value); });
        };
        list("", worker);
        list("decode", decode);
        list("defragment", defragment);
        list("track", track);
        list("streams", streams);
        extract::visit(extract, [&](std::string_view protocol, const base::CounterValue& value) {
            report(std::string_view("extract"), protocol, value);
        });
        list("match", scan);
    }
};

#define TELLTALE_LOAD_COUNTERS(X)                                                                                      \
    X(heartbeats, counter, "Iterations of a worker's loop")                                                            \
    X(busy_ns, counter, "Time in which a worker had frames to work on")                                                \
    X(running_ns, counter, "Time since a worker started")                                                              \
    X(flows_limit, gauge, "Capacity of a worker's flow table")                                                         \
    X(flows_active, gauge, "Flows in a worker's table")                                                                \
    X(records_published, counter, "Records that a worker made for correlation")                                        \
    X(records_consumed, counter, "Records that correlation consumed")                                                  \
    X(records_dropped, counter, "Observations dropped because the ring to correlation was full; never a flow's bytes") \
    X(records_waiting, gauge, "Records published and neither consumed nor dropped")                                    \
    X(ring_used_bytes, gauge, "Bytes of records that wait for correlation")                                            \
    X(ring_limit_bytes, gauge, "Capacity of a worker's ring to correlation in bytes")                                  \
    X(queue_batches, gauge, "Batches of frames in the dispatcher's queue to a worker")                                 \
    X(queue_limit_batches, gauge,                                                                                      \
      "Capacity of the dispatcher's queue to a worker in batches; 0: there is no dispatcher")

// Load of one worker. published = consumed + dropped + waiting, at any moment.
struct LoadCounters {
    TELLTALE_COUNTERS(LoadCounters, TELLTALE_LOAD_COUNTERS)
};

// One worker, as it published itself last: a few times per second, and exactly when it has ended. Heartbeats are those
// of this moment.
struct WorkerFigures : LoadCounters {
    WorkerCounters counters;
    double busy_ratio = 0;  // share of the time between the last two publications with frames to work on
};

#define TELLTALE_FRAME_COUNTERS(X)                    \
    X(analysed, counter, "Frames that were analysed") \
    X(duplicates, counter, "Copies of frames that a mirror port sent twice, dropped or not")

// The fate of the frames of one port.
struct PortCounts {
    TELLTALE_COUNTERS(PortCounts, TELLTALE_FRAME_COUNTERS)
    base::EnumArray<PortDrop, std::uint64_t> dropped;

    static constexpr std::tuple kArrays{base::CounterArray{
        "dropped", "reason", "Frames that reached the sensor and were not analysed, by reason", &PortCounts::dropped}};
};

// Everything that a pipeline counts, at one moment. A value.
struct PipelineFigures {
    PipelineTotals total;
    std::vector<WorkerFigures> workers;
    model::PortMap<PortCounts> ports;
    track::TapSides taps;
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
