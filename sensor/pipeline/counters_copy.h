// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/extract/counters.h"
#include "sensor/match/scanner.h"
#include "sensor/model/tap_index.h"
#include "sensor/pipeline/figures.h"
#include "sensor/pipeline/worker.h"
#include "sensor/track/stream_assembler.h"
#include "sensor/track/track_counters.h"

namespace telltale::pipeline {

// All counters of one worker at one moment.
struct WorkerCopy {
    WorkerCounters worker;
    decode::DecodeCounters decode;
    track::TrackCounters track;
    track::StreamCounters streams;
    track::TapSides sides;
    match::ScanCounters scan;
    extract::ExtractCounters extract;
    std::uint64_t flows_limit = 0;
    model::PortMap<std::uint64_t> analysed;  // frames
    std::uint64_t busy_ns = 0;
    std::uint64_t running_ns = 0;
    std::uint64_t last_busy_ns = 0;  // between the last two publications
    std::uint64_t last_running_ns = 0;
};
WorkerCopy copy_of(const Worker& worker);

// The counters of one source stage at one moment.
struct SourceCopy {
    model::PortMap<PortCounts> ports;  // without `analysed`
    decode::DefragmentCounters defragment;
};

}  // namespace telltale::pipeline
