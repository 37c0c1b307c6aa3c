// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/spsc_queue.h"
#include "sensor/model/frame_batch.h"

namespace telltale::pipeline {

// A batch on its way from the dispatcher to a worker. With or without frames, it carries a clock step.
struct LaneBatch {
    explicit LaneBatch(std::size_t bytes) : frames(bytes) {}

    model::FrameBatch frames;  // with the clock that the worker steps to before the frames
    model::Order step;         // of that clock step, which the worker may have made already
    model::Order done;         // all frames of the source up to here have been dispatched
    bool last = false;         // the source has ended
};

// Carries frames to one worker: full batches there, empty ones back. The dispatcher fills one at a time.
class FrameLane {
  public:
    // A batch of `batch_bytes` must take the longest frame.
    FrameLane(std::size_t batches, std::size_t batch_bytes) : full_(batches), empty_(batches) {
        for (std::size_t i = 0; i < batches; ++i) {
            batches_.push_back(std::make_unique<LaneBatch>(batch_bytes));
            (void)empty_.push(batches_.back().get());
        }
    }

    // Dispatcher: the batch that is being filled; null while the worker has them all.
    LaneBatch* filling() {
        if (filling_ == nullptr && !empty_.pop(filling_)) filling_ = nullptr;
        return filling_;
    }
    [[nodiscard]] bool has_frames() const { return filling_ != nullptr && filling_->frames.count != 0; }
    // Dispatcher: hands over the batch that is being filled. There is always room: there are no more batches.
    void send() {
        sent_.store(sent_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        (void)full_.push(filling_);
        filling_ = nullptr;
    }

    // Worker: takes the next batch, and gives it back.
    bool receive(LaneBatch*& batch) { return full_.pop(batch); }
    void give_back(LaneBatch* batch) {
        batch->frames.clear();
        returned_.store(returned_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        (void)empty_.push(batch);
    }

    // Any thread: batches that were sent and are not back.
    [[nodiscard]] std::uint64_t waiting() const {
        const std::uint64_t returned = returned_.load(std::memory_order_acquire);
        return sent_.load(std::memory_order_relaxed) - returned;
    }
    [[nodiscard]] std::uint64_t capacity() const { return batches_.size(); }

  private:
    std::vector<std::unique_ptr<LaneBatch>> batches_;
    base::SpscQueue<LaneBatch*> full_;
    base::SpscQueue<LaneBatch*> empty_;
    LaneBatch* filling_ = nullptr;
    alignas(64) std::atomic<std::uint64_t> sent_{0};
    alignas(64) std::atomic<std::uint64_t> returned_{0};
};

}  // namespace telltale::pipeline
