// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>

#include "sensor/pipeline/frame_taker.h"
#include "sensor/pipeline/source_stage.h"

namespace telltale::pipeline {

// Polls a source and hands its frames to `taker`, until the source ends or `stop` is set. Then takes what has arrived,
// for kLastFrames at most, and finishes the taker. `after_turn` runs after every poll.
inline constexpr std::chrono::milliseconds kLastFrames{1000};
void poll_until_the_end(SourceStage& source, FrameTaker& taker, const std::atomic<bool>& stop,
                        const std::function<void(MonotoneClock::time_point)>& after_turn);

}  // namespace telltale::pipeline
