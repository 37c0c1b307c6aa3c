// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/dispatcher.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/pipeline/pipeline_harness.h"
#include "tests/unit/pipeline/player.h"

namespace telltale::pipeline {
namespace {

// The worker cannot go on; its lane fills, and the polling thread does not wait.
TEST(Dispatcher, DropsForAFullLaneAndCountsByPort) {
    const auto frames = frames_of(conversations(50, 1));
    FrameLane lane(2, 64 * 1024);
    Dispatcher dispatcher({&lane}, {1, 2}, 4, WhenFull::drop);
    Player player(frames);
    model::FrameBatch batch;
    while (player.poll(batch) == capture::PollStatus::frames) {
        dispatcher.take(batch, {});
        player.release(batch);
    }
    std::uint64_t taken = 0;
    LaneBatch* received = nullptr;
    while (lane.receive(received)) taken += received->frames.count;
    EXPECT_GT(taken, 0U);
    std::uint64_t dropped = 0;
    for (const model::PortIndex port : {model::PortIndex(0), model::PortIndex(1)}) {
        EXPECT_GT((*dispatcher.dropped())[port], 0U);
        dropped += (*dispatcher.dropped())[port];
    }
    EXPECT_EQ(taken + dropped, frames.size());
}

// With WhenFull::wait the steps of all lanes are equal, also of a lane that gets no frames.
TEST(Dispatcher, GivesEveryWorkerTheSameClockSteps) {
    const auto frames = frames_of(conversations(1, 40));
    FrameLane lanes[] = {{64, model::kFileBatchBytes}, {64, model::kFileBatchBytes}};
    Dispatcher dispatcher({&lanes[0], &lanes[1]}, {1, 2}, 4, WhenFull::wait);
    std::vector<std::pair<std::int64_t, model::Order>> wanted;
    model::FrameBatch batch;
    for (std::uint64_t i = 0; i < frames.size(); ++i) {
        model::Frame frame;
        frame.data = frames[i].bytes.data();
        frame.captured_length = static_cast<std::uint32_t>(frames[i].bytes.size());
        frame.order = model::Order::of_frame(i + 1);
        batch.clear();
        batch.clock_ns = static_cast<std::int64_t>(i / 8) * base::kSecondNs;
        batch.add(frame);
        if (i % 8 == 0) wanted.emplace_back(batch.clock_ns, frame.order.step_before());
        dispatcher.take(batch, {});
    }
    dispatcher.finish();
    std::uint64_t taken = 0;
    for (FrameLane& lane : lanes) {
        std::vector<std::pair<std::int64_t, model::Order>> steps;
        bool last = false;
        LaneBatch* received = nullptr;
        while (lane.receive(received)) {
            EXPECT_FALSE(last) << "a batch behind the last one";
            last = received->last;
            taken += received->frames.count;
            if (steps.empty() || steps.back().first != received->frames.clock_ns) {
                steps.emplace_back(received->frames.clock_ns, received->step);
                EXPECT_EQ(received->frames.count, 0U) << "the step comes before the frames";
            }
        }
        EXPECT_TRUE(last);
        EXPECT_EQ(steps, wanted);
    }
    EXPECT_EQ(taken, frames.size());
}

}  // namespace
}  // namespace telltale::pipeline
