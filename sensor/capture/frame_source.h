// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/model/frame_batch.h"

namespace telltale::capture {

// How long a source may hold a frame while an earlier one could still arrive.
inline constexpr std::int64_t kLongestHoldNs = 50'000'000;

// The outcome of one poll of a source.
enum class PollStatus : std::uint8_t {
    frames,   // the batch has at least one
    nothing,  // none yet, poll again (ports); the batch's clock and `done` are set
    end,      // no more will follow (files); damage is a warning of the source
};

// A source of frames: capture files, or one queue of each port of a tap. Owned and called by one thread: the worker or
// the dispatcher that it feeds.
class FrameSource {
  public:
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    virtual ~FrameSource() = default;

    // Fills an empty batch with frames of one second of the source's clock, and sets its clock (model::FrameBatch).
    // Frames are borrowed until release(). A file source may block on a pipe; a port never does.
    virtual PollStatus poll(model::FrameBatch& batch) = 0;
    // Returns the frames and empties the batch. Every polled batch is released once.
    virtual void release(model::FrameBatch& batch) = 0;
    // From now on, poll() returns only frames that a port has delivered already. Files ignore this.
    virtual void stop_receiving() {}
};

}  // namespace telltale::capture
