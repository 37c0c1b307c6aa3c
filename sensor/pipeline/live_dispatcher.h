// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/frame_batch.h"
#include "sensor/pipeline/lane.h"

namespace telltale::pipeline {

// Steers the frames of ports to the lanes of the workers by flow. Unlike the Dispatcher of files it waits for nobody: a
// frame for a full lane is dropped and counted, and a worker learns of a clock step with its next batch. Only a source
// that plays a file is made to wait instead. One thread.
class LiveDispatcher {
  public:
    enum class WhenFull : std::uint8_t { drop, wait };

    LiveDispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels, WhenFull when_full);

    // Copies the frames on.
    void dispatch(const model::FrameBatch& batch);
    // Nothing has arrived, and no frame up to `done` will any more.
    void rest(std::int64_t clock_ns, model::Order done);
    // The source has ended: every worker gets what is left and its end; waits for room where it must.
    void finish();

    // Frames dropped because a lane was full, by port.
    [[nodiscard]] const model::PortMap<std::uint64_t>& full() const { return full_; }

  private:
    static constexpr std::uint64_t kWatermarkEvery = 1024;  // frames
    static constexpr std::uint64_t kRestsAWatermark = 8;

    // A batch that takes the frame; null when the lane is full.
    LaneBatch* place_for(std::size_t lane, std::size_t bytes);
    LaneBatch* open_batch(std::size_t lane);
    LaneBatch* wait_for_batch(std::size_t lane);
    void send(std::size_t lane);
    void send_watermarks();

    std::vector<FrameLane*> lanes_;
    model::FlowKey::Hash hash_;
    unsigned tunnels_;
    WhenFull when_full_;
    std::int64_t clock_ns_ = INT64_MIN;
    model::Order done_;
    std::uint64_t since_watermark_ = 0;
    std::uint64_t rests_ = 0;
    std::vector<model::Order> told_;  // by lane: `done` as it was last told
    model::PortMap<std::uint64_t> full_;
};

}  // namespace telltale::pipeline
