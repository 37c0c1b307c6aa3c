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
#include "sensor/pipeline/dispatcher.h"
#include "sensor/pipeline/figures.h"
#include "sensor/pipeline/filtering_source.h"
#include "sensor/pipeline/policy.h"
#include "sensor/pipeline/record_sequencer.h"
#include "sensor/pipeline/source_stage.h"
#include "sensor/pipeline/traffic_filter.h"
#include "sensor/pipeline/worker_loop.h"

namespace telltale::pipeline {

// A value; the defaults read a file with one worker.
struct PipelineConfig {
    std::size_t workers = 1;  // up to capture::kMaxWorkers
    PipelinePolicy policy;
    TrafficFilterConfig filter;
    track::TrackerConfig tracking;             // of each worker; its number and hash key are set by the pipeline
    decode::DefragmenterConfig defragmenting;  // its hash key is set by the pipeline
    std::uint32_t generation = 1;
    std::size_t ring_bytes = 8U << 20;  // per worker: ring to the correlator thread
    std::function<void()> on_tick;      // about once per second, between frames, on the thread that correlates
    std::function<void()> on_idle;      // likewise, between ticks; with several threads while no record waits
    std::function<void()> after_poll;   // on the thread that calls run(), after each poll
};

// Carries frames through workers, and their records in order to the consumer, from the first frame to the last. The
// policy says which threads there are and whether full queues make anybody wait; everything else is the same for files
// and ports. IP fragments are put together before frames are spread, because the fragments of a datagram belong to two
// flows, which may have two workers. With WhenFull::wait the consumer sees the records in the same order for any number
// of workers. They are the same but for FlowRef's worker and slot, and for repeats of what a sender says (sender, arp,
// ndp, tcp_syn, announcements), which each worker leaves out on its own. With WhenFull::drop a worker whose ring is
// full keeps its records and goes on counting: observations may be lost, a flow's bytes never.
class Pipeline {
  public:
    // `consumer` outlives it.
    static base::Result<std::unique_ptr<Pipeline>> create(PipelineConfig config,
                                                          std::shared_ptr<const match::CompiledSignatures> signatures,
                                                          RecordConsumer& consumer);
    ~Pipeline();

    // Runs until the sources end or `stop` is set (see poll_until_the_end()), then reports every flow. One source per
    // worker with Threading::own_source, else one: an error if there are more or fewer. Once.
    base::Status run(const std::vector<capture::FrameSource*>& sources, const std::atomic<bool>& stop);
    // Runs to the end of the source.
    base::Status run(capture::FrameSource& source);
    // The ports of all taps, opened for as many workers as there are here. Looks for duplicates, and drops them where
    // the tap says so.
    base::Status run(capture::Taps& taps, const std::atomic<bool>& stop);

    // Any thread, before, during and after run(). Takes no lock: workers publish a copy of their counters a few times
    // per second, and when they end.
    [[nodiscard]] PipelineFigures figures() const;
    // The figures, joined with what the ports received, by port. Any thread.
    [[nodiscard]] std::vector<PortAccount> accounts(const capture::Taps& taps) const;
    // The frames that each worker is busy with, for a signal handler; valid as long as the pipeline.
    [[nodiscard]] std::vector<const FramesInHand*> in_hand() const;

  private:
    Pipeline(PipelineConfig&& config, TrafficFilter&& filter, RecordConsumer& consumer);
    base::Status add_workers(const std::shared_ptr<const match::CompiledSignatures>& signatures);
    void poll(capture::FrameSource& source, std::size_t index, FrameTaker& taker, const std::atomic<bool>& stop);
    void poll_each(const std::vector<capture::FrameSource*>& sources, const std::atomic<bool>& stop);
    void poll_and_dispatch(capture::FrameSource& source, const std::atomic<bool>& stop);
    void correlate();
    void tick_sometimes(MonotoneClock::time_point now);

    PipelineConfig config_;
    TrafficFilter filter_;
    DuplicateConfig duplicates_;  // of the taps; of files none are looked for
    RecordSequencer sequencer_;
    std::vector<std::unique_ptr<WorkerLoop>> workers_;
    std::vector<RingOutlet*> rings_;                    // of the workers; empty with Threading::inline_worker
    std::unique_ptr<Dispatcher> dispatcher_;            // with Threading::dispatched
    std::unique_ptr<Published<SourceCopy>[]> sources_;  // by polling thread
    MonotoneClock::time_point next_tick_;
};

}  // namespace telltale::pipeline
