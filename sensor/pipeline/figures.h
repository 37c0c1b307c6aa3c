// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/extract/counters.h"
#include "sensor/match/scanner.h"
#include "sensor/track/stream_assembler.h"
#include "sensor/track/track_counters.h"

namespace telltale::pipeline {

struct WorkerSnapshot;

// The counters of all workers added up.
struct PipelineFigures {
    std::uint64_t frames = 0;
    std::uint64_t bad_transport_checksums = 0;
    std::uint64_t records_lost = 0;  // observations that found no room, by workers and extractors
    decode::DecodeCounters decode;
    decode::DefragmentCounters defragment;
    track::TrackCounters track;
    track::StreamCounters streams;
    match::ScanCounters scan;
    std::uint64_t ring_full = 0;                    // times that a worker's ring took nothing; ports only
    std::vector<extract::ExtractCounters> extract;  // by worker

    void add(const WorkerSnapshot& worker);
    void add(const decode::DefragmentCounters& of_source);
};

}  // namespace telltale::pipeline
