// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "sensor/model/frame_batch.h"
#include "sensor/model/tap_index.h"

namespace telltale::pipeline {

// The clock of the sensor's own periods.
using MonotoneClock = std::chrono::steady_clock;

// Takes the frames that a thread polls: a worker on the same thread, or the dispatcher. Single-threaded, except
// heartbeat().
class FrameTaker {
  public:
    FrameTaker() = default;
    FrameTaker(const FrameTaker&) = delete;
    FrameTaker& operator=(const FrameTaker&) = delete;
    virtual ~FrameTaker() = default;

    // Takes a batch that is not empty; the turn that polled it began at `began`. Returns the time at its end.
    virtual MonotoneClock::time_point take(const model::FrameBatch& batch, MonotoneClock::time_point began) = 0;
    // Nothing has arrived, and no more frames come up to `done`. `clock_ns`: INT64_MIN before the first frame of a
    // file.
    virtual void rest(std::int64_t clock_ns, model::Order done, MonotoneClock::time_point now) = 0;
    // The source has ended. Waits for room where it must.
    virtual void finish() = 0;
    // Frames that found no room, by port; null if frames are never dropped here.
    [[nodiscard]] virtual const model::PortMap<std::uint64_t>* dropped() const { return nullptr; }

    // Counts a turn of the polling loop.
    void beat() { heartbeat_.store(heartbeat_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
    // Any thread.
    [[nodiscard]] std::uint64_t heartbeat() const { return heartbeat_.load(std::memory_order_relaxed); }

  private:
    alignas(64) std::atomic<std::uint64_t> heartbeat_{0};
};

}  // namespace telltale::pipeline
