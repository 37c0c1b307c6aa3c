// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/flow_key.h"
#include "sensor/pipeline/frame_lane.h"
#include "sensor/pipeline/frame_taker.h"
#include "sensor/pipeline/policy.h"

namespace telltale::pipeline {

// Spreads the frames of one source over the lanes of the workers by flow. With WhenFull::wait it waits for a lane that
// is full, and every worker gets every clock step at the same place of the stream, which makes results independent of
// the number of workers. With WhenFull::drop it waits for nobody: a frame for a full lane is dropped and counted, and a
// worker gets a clock step with its next batch.
class Dispatcher final : public FrameTaker {
  public:
    Dispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels, WhenFull when_full);

    // Copies the frames.
    MonotoneClock::time_point take(const model::FrameBatch& batch, MonotoneClock::time_point began) override;
    void rest(std::int64_t clock_ns, model::Order done, MonotoneClock::time_point now) override;
    // Gives every worker what is left, and the end.
    void finish() override;
    [[nodiscard]] const model::PortMap<std::uint64_t>* dropped() const override { return &dropped_; }

  private:
    // How often lanes that get no frames hear how far the stream is: the merge cannot pass their workers before.
    static constexpr std::uint64_t kFramesPerWatermark = 1024;
    static constexpr std::uint64_t kRestsPerWatermark = 8;

    // Returns a batch with room for the frame; null if the lane is full.
    LaneBatch* place_for(std::size_t lane, const model::Frame& frame);
    // Return the batch that is being filled. A new one gets the clock and its last step.
    LaneBatch* try_open(std::size_t lane);
    LaneBatch* wait_to_open(std::size_t lane);
    void step_clock(std::int64_t clock_ns, model::Order step);
    void send(std::size_t lane);
    void send_frames();
    void send_watermarks();

    std::vector<FrameLane*> lanes_;
    model::FlowKey::Hash hash_;
    unsigned tunnels_;
    WhenFull when_full_;
    std::int64_t clock_ns_ = INT64_MIN;
    model::Order step_;  // of the last clock step
    model::Order done_;
    std::uint64_t since_watermark_ = 0;
    std::uint64_t rests_ = 0;
    std::vector<model::Order> sent_;  // by lane: how far the stream was in its last batch
    model::PortMap<std::uint64_t> dropped_;
};

}  // namespace telltale::pipeline
