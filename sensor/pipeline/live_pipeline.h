// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/capture/frame_source.h"
#include "sensor/capture/taps.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/filtering_source.h"
#include "sensor/pipeline/lane.h"
#include "sensor/pipeline/live_figures.h"
#include "sensor/pipeline/live_source.h"
#include "sensor/pipeline/live_worker.h"
#include "sensor/pipeline/record_sequencer.h"
#include "sensor/pipeline/traffic_filter.h"

namespace telltale::pipeline {

struct LivePipelineConfig {
    std::size_t workers = 1;                   // up to capture::kMaxWorkers
    TrafficFilterConfig filter;                // what must not be looked at
    DuplicateConfig duplicates;                // of mirror ports; a run of taps drops them as its taps say
    track::TrackerConfig tracking;             // of each worker; its number and hash key are set here
    decode::DefragmenterConfig defragmenting;  // its hash key is set here
    std::uint32_t generation = 1;
    std::size_t ring_bytes = 8U << 20;  // per worker: ring to the correlator thread; at least 1 MiB
    std::function<void()> on_tick;      // about once a second, on the correlator's thread
};

// Carries the frames of ports until it is told to stop. Each worker polls a source of its own; or, where there is one
// source for several workers, the caller's thread polls it and hands the frames over by flow. One more thread runs the
// merge and the consumer, so that a slow output cannot keep frames waiting. When the ring between them is full, a
// worker keeps its records and goes on counting: observations may be lost (counted), a flow's bytes never. A worker
// that is too far behind its queue loses frames (counted by port: PortDrop::dispatch_full). While nothing arrives,
// intervals and time-outs end by the ports' clock.
class LivePipeline {
  public:
    static base::Result<std::unique_ptr<LivePipeline>> create(
        const LivePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
        RecordConsumer consumer);
    ~LivePipeline();

    // Until `stop` is set. Then takes what has arrived, for kLastFramesMs at most, and reports every flow. Returns a
    // source's failure, if there was one. Once. The ports of all taps, opened for as many workers as there are here:
    base::Status run(capture::Taps& taps, const std::atomic<bool>& stop);
    // One source a worker, or one for all of them. `can_wait`: nothing is lost by making the source wait (files).
    base::Status run(const std::vector<capture::FrameSource*>& sources, bool can_wait, const std::atomic<bool>& stop);
    base::Status run(capture::FrameSource& source, const std::atomic<bool>& stop) {
        return run({&source}, false, stop);
    }

    // From any thread, before, in and after a run. Takes no lock: workers publish a copy of their counters a few times
    // a second, and when they end.
    [[nodiscard]] LiveFigures figures() const;
    // What each worker is busy with, for a signal handler: good for as long as the pipeline is.
    [[nodiscard]] std::vector<const FramesInHand*> in_hand() const;
    // The figures, joined with what the ports received, by port. From any thread.
    [[nodiscard]] std::vector<PortAccount> accounts(const capture::Taps& taps) const;

  private:
    static constexpr int kLastFramesMs = 1000;
    // What a worker may be behind its dispatcher. A batch takes the longest frame of a port.
    static constexpr std::size_t kLaneBatches = 256;
    static constexpr std::size_t kLaneBatchBytes = std::size_t{128} * 1024;

    class Stopping;
    LivePipeline(const LivePipelineConfig& config, TrafficFilter filter, RecordConsumer consumer);
    [[nodiscard]] LiveSource open_source(capture::FrameSource& source, std::size_t index);
    // Both return when the source has given its last frame.
    base::Status poll_and_work(capture::FrameSource& source, std::size_t index, const std::atomic<bool>& stop);
    base::Status poll_and_dispatch(capture::FrameSource& source, bool can_wait, const std::atomic<bool>& stop);
    void correlate();

    LivePipelineConfig config_;
    TrafficFilter filter_;
    RecordSequencer sequencer_;
    std::vector<std::unique_ptr<LiveWorker>> workers_;
    std::vector<std::unique_ptr<FrameLane>> lanes_;         // behind a dispatcher
    std::unique_ptr<Published<SourceSnapshot>[]> sources_;  // one a worker; a dispatcher has the first
    std::atomic<std::uint64_t> poller_heartbeat_{0};
    std::atomic<std::size_t> working_{0};  // workers that have not ended
};

}  // namespace telltale::pipeline
