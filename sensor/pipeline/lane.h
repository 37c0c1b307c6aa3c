// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/spsc_queue.h"
#include "sensor/model/frame_batch.h"

namespace telltale::pipeline {

// A batch on its way from the dispatcher to a worker.
struct LaneBatch {
    LaneBatch() : frames(model::kFileBatchBytes) {}

    model::FrameBatch frames;       // its clock_ns is the clock that the worker steps to before the frames
    std::uint64_t clock_order = 0;  // of that step; odd
    std::uint64_t done_order = 0;   // all frames up to it have been dispatched
    bool last = false;              // the source has ended; clock_order is that of the end
};

// The way of frames to one worker: full batches there, empty ones back. The dispatcher fills one at a time.
class FrameLane {
  public:
    static constexpr std::size_t kBatches = 16;

    FrameLane() : full_(kBatches), empty_(kBatches) {
        for (std::size_t i = 0; i < kBatches; ++i) {
            batches_.push_back(std::make_unique<LaneBatch>());
            (void)empty_.push(batches_.back().get());
        }
    }

    // Dispatcher: the batch that is being filled; null while the worker has them all.
    LaneBatch* filling() {
        if (filling_ == nullptr && !empty_.pop(filling_)) filling_ = nullptr;
        return filling_;
    }
    [[nodiscard]] bool has_frames() const { return filling_ != nullptr && filling_->frames.count != 0; }
    // Dispatcher: hands the batch that is being filled over. There is always room: there are no more batches.
    void send() {
        (void)full_.push(filling_);
        filling_ = nullptr;
    }

    // Worker: the next batch, and back.
    bool receive(LaneBatch*& batch) { return full_.pop(batch); }
    void give_back(LaneBatch* batch) {
        batch->frames.clear();
        (void)empty_.push(batch);
    }

  private:
    std::vector<std::unique_ptr<LaneBatch>> batches_;
    base::SpscQueue<LaneBatch*> full_;
    base::SpscQueue<LaneBatch*> empty_;
    LaneBatch* filling_ = nullptr;
};

}  // namespace telltale::pipeline
