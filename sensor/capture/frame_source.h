// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sensor/model/frame_batch.h"

namespace telltale::capture {

// How long a source may hold a frame while an earlier one could still arrive.
inline constexpr std::int64_t kLongestHoldNs = 50'000'000;

enum class PollStatus : std::uint8_t {
    frames,   // the batch holds at least one
    nothing,  // none yet: poll again (ports); the batch's clock and `done` are set
    end,      // there will be none any more (files)
    failed,   // the source broke; failure() says why
};

// Where frames come from: capture files, or one queue of each port of a tap. Owned and called by one thread, the worker
// or the dispatcher that it feeds.
class FrameSource {
  public:
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    virtual ~FrameSource() = default;

    // Fills an empty batch with frames of one second of the source's clock and sets its clock (model::FrameBatch). The
    // frames stay borrowed until release(). A file source may block on a pipe; a port never does.
    virtual PollStatus poll(model::FrameBatch& batch) = 0;
    // Gives the frames back and empties the batch; every polled batch is released, once.
    virtual void release(model::FrameBatch& batch) = 0;
    // From now on poll() gives only what a port has handed over already, then nothing. Files ignore it.
    virtual void stop_receiving() {}
    // A sentence after PollStatus::failed; empty before.
    [[nodiscard]] virtual std::string failure() const { return {}; }
};

}  // namespace telltale::capture
