// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "sensor/model/frame.h"

namespace telltale::pipeline {

// The batch that a worker is busy with, so that a crash can be traced to its frames. Written by the worker, twice per
// batch; read by a signal handler on any thread. The frames are valid until the worker has finished the batch.
class FramesInHand {
  public:
    void take(std::span<const model::Frame> frames) {
        frames_.store(frames.data(), std::memory_order_relaxed);
        count_.store(static_cast<std::uint32_t>(frames.size()), std::memory_order_release);
    }
    void put_down() { count_.store(0, std::memory_order_release); }

    [[nodiscard]] std::span<const model::Frame> frames() const {
        const std::uint32_t count = count_.load(std::memory_order_acquire);
        return {frames_.load(std::memory_order_relaxed), count};
    }

  private:
    std::atomic<const model::Frame*> frames_{nullptr};
    std::atomic<std::uint32_t> count_{0};
    static_assert(std::atomic<const model::Frame*>::is_always_lock_free);
    static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
};

}  // namespace telltale::pipeline
