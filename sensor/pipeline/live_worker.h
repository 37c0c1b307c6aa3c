// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "sensor/pipeline/lane.h"
#include "sensor/pipeline/live_figures.h"
#include "sensor/pipeline/published.h"
#include "sensor/pipeline/record_outlet.h"
#include "sensor/pipeline/snapshots.h"
#include "sensor/pipeline/worker.h"

namespace telltale::pipeline {

using LiveClock = std::chrono::steady_clock;
inline constexpr std::chrono::milliseconds kPublishEvery{200};

// A worker on ports: the worker with its ring, what it tells other threads of itself, and how it spends its time. All
// of it belongs to the worker's thread, but for figures().
class LiveWorker {
  public:
    // Less would not take what a worker may have kept while the ring was full: a record buffer, twice for the wrap.
    static constexpr std::size_t kFewestRingBytes = std::size_t{1} << 20;

    LiveWorker(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
               std::size_t ring_bytes);

    // Before the first frame. A source that can wait is read as a file is: no record finds the ring full.
    void start(bool can_wait);
    // A turn that began at `began` brought frames. No more frames come up to `done`.
    void take(std::span<const model::Frame> frames, std::int64_t clock_ns, model::Order done,
              LiveClock::time_point began);
    // A turn that brought nothing.
    void rest(std::int64_t clock_ns, model::Order done, LiveClock::time_point now);
    // The source has ended. `order`: see Order::end().
    void finish(model::Order order);
    // Takes batches of a lane until its last. The lane outlives this.
    void run(FrameLane& lane);
    void beat() { heartbeat_.store(heartbeat_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

    // From any thread. `snapshot`: where the figures come from.
    [[nodiscard]] WorkerFigures figures(WorkerSnapshot& snapshot) const;
    RingOutlet& outlet() { return outlet_; }
    [[nodiscard]] const FramesInHand& in_hand() const { return worker_.in_hand(); }

  private:
    void step(std::int64_t clock_ns, model::Order order);
    void publish_sometimes(LiveClock::time_point now);
    void publish(LiveClock::time_point now);

    RingOutlet outlet_;
    Worker worker_;
    bool can_wait_ = false;
    model::PortMap<std::uint64_t> analysed_;
    LiveClock::time_point started_;
    LiveClock::time_point published_at_;
    std::uint64_t busy_ns_ = 0;
    std::uint64_t busy_before_ns_ = 0;  // at the last publication
    Published<WorkerSnapshot> published_;
    std::atomic<const FrameLane*> lane_{nullptr};  // behind a dispatcher
    alignas(64) std::atomic<std::uint64_t> heartbeat_{0};
};

}  // namespace telltale::pipeline
