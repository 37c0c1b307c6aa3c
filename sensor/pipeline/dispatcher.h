// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/frame_batch.h"
#include "sensor/pipeline/lane.h"

namespace telltale::pipeline {

// Steers the frames of one source to the lanes of its workers by flow, and tells every worker of every clock step at
// the same place of the stream. Used for files, and for ports whose NIC cannot steer symmetrically. One thread.
class Dispatcher {
  public:
    Dispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels);

    // Copies the frames on; waits while a lane is full.
    void dispatch(const model::FrameBatch& batch);
    // The source has ended: every worker gets what is left and its end.
    void finish();
    // Of the end's records.
    [[nodiscard]] model::Order end() const { return done_.end(); }

  private:
    // Frames between two looks at lanes that get none: their watermarks must go on for the merge to go on.
    static constexpr std::uint64_t kWatermarkEvery = 1024;

    LaneBatch& open_batch(std::size_t lane);
    void send(std::size_t lane);
    void send_watermarks();
    void step_clock(std::int64_t clock_ns, model::Order order);

    std::vector<FrameLane*> lanes_;
    model::FlowKey::Hash hash_;
    unsigned tunnels_;
    std::int64_t clock_ns_ = INT64_MIN;
    model::Order step_;
    model::Order done_;
    std::uint64_t since_watermark_ = 0;
    std::vector<model::Order> told_;  // by lane: `done` as it was last told
};

}  // namespace telltale::pipeline
