// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sensor/pipeline/counters_copy.h"
#include "sensor/pipeline/figures.h"
#include "sensor/pipeline/frame_lane.h"
#include "sensor/pipeline/frame_taker.h"
#include "sensor/pipeline/published.h"
#include "sensor/pipeline/record_outlet.h"
#include "sensor/pipeline/worker.h"

namespace telltale::pipeline {

// Runs one worker: steps its clock, hands it frames, measures how busy it is, and publishes its counters. It is driven
// by a poll loop on its own thread, or takes batches of a lane in run(). Belongs to the worker's thread, except
// figures(), in_hand() and the ends of the queues.
class WorkerLoop final : public FrameTaker {
  public:
    // `lane`: null if this worker polls its own source.
    WorkerLoop(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
               WhenFull when_full, std::unique_ptr<RecordOutlet> outlet, std::unique_ptr<FrameLane> lane);

    MonotoneClock::time_point take(const model::FrameBatch& batch, MonotoneClock::time_point began) override;
    void rest(std::int64_t clock_ns, model::Order done, MonotoneClock::time_point now) override;
    void finish() override;
    // Takes batches of the lane until the last one, and finishes.
    void run();

    // Any thread. Also returns the copy of the counters that the figures are made of.
    [[nodiscard]] WorkerFigures figures(WorkerCopy& copy) const;
    [[nodiscard]] const FramesInHand& in_hand() const { return worker_.in_hand(); }
    FrameLane* lane() { return lane_.get(); }

  private:
    MonotoneClock::time_point work(std::span<const model::Frame> frames, std::int64_t clock_ns, model::Order step,
                                   model::Order done, MonotoneClock::time_point began);
    void idle(std::int64_t clock_ns, model::Order step, model::Order done, MonotoneClock::time_point now);
    // `step`: the order of the source's last step, which may be known here already.
    void step_clock(std::int64_t clock_ns, model::Order step);
    void publish_sometimes(MonotoneClock::time_point now);
    void publish(MonotoneClock::time_point now);

    std::unique_ptr<RecordOutlet> outlet_;
    std::unique_ptr<FrameLane> lane_;
    Worker worker_;
    model::Order done_;  // this worker has seen all its frames and clock steps up to here
    MonotoneClock::time_point started_;
    MonotoneClock::time_point published_at_;
    std::uint64_t busy_ns_ = 0;
    std::uint64_t busy_before_ns_ = 0;  // at the last publication
    Published<WorkerCopy> published_;
};

}  // namespace telltale::pipeline
