// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

#include "sensor/base/result.h"
#include "sensor/capture/frame_source.h"
#include "sensor/capture/taps.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/live_figures.h"
#include "sensor/pipeline/record_sequencer.h"
#include "sensor/pipeline/traffic_filter.h"
#include "sensor/pipeline/worker.h"

namespace telltale::pipeline {

struct LivePipelineConfig {
    std::size_t workers = 1;                   // up to capture::kMaxWorkers
    TrafficFilterConfig filter;                // what must not be looked at
    track::TrackerConfig tracking;             // its number and hash key are set here
    decode::DefragmenterConfig defragmenting;  // its hash key is set here
    std::uint32_t generation = 1;
    std::size_t ring_bytes = 8U << 20;  // to the correlator's thread
    std::function<void()> on_tick;      // about once a second, on the correlator's thread
};

// Carries the frames of a port until it is told to stop: one worker on the caller's thread, and a second thread for the
// merge and the consumer, so that a slow output cannot keep frames waiting. When the ring between them is full, the
// worker keeps its records and goes on counting: observations may be lost (counted), a flow's bytes never. While
// nothing arrives, intervals and time-outs end by the port's clock.
class LivePipeline {
  public:
    static base::Result<std::unique_ptr<LivePipeline>> create(
        const LivePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
        RecordConsumer consumer);

    // The ports of all taps, with as many workers as they were opened for.
    base::Status run(capture::Taps& taps, const std::atomic<bool>& stop);
    // Until `stop` is set. Then takes what has arrived, for kLastFramesMs at most, and reports every flow. Returns the
    // source's failure, if it had one.
    base::Status run(capture::FrameSource& source, const std::atomic<bool>& stop);

    // From any thread, before, in and after a run. Takes no lock: workers publish a copy of their counters a few times a
    // second, and when they end.
    [[nodiscard]] LiveFigures figures() const;
    // The same, joined with what the ports received.
    [[nodiscard]] std::vector<PortAccount> accounts(const capture::Taps& taps) const;

  private:
    static constexpr int kLastFramesMs = 1000;

    LivePipeline(const LivePipelineConfig& config, RecordConsumer consumer)
        : config_(config),
          sequencer_(std::move(consumer), 1),
          outlet_(config.ring_bytes, RingOutlet::WhenFull::refuse) {}
    // Returns the order that all frames had been seen up to.
    std::uint64_t carry(capture::FrameSource& source, const std::atomic<bool>& stop, base::Status& status);
    void correlate(const std::atomic<std::uint64_t>& end_order);

    LivePipelineConfig config_;
    RecordSequencer sequencer_;
    RingOutlet outlet_;
    std::unique_ptr<Worker> worker_;
    decode::DefragmentCounters defragmented_;
};

}  // namespace telltale::pipeline
