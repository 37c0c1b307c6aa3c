// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sensor/pipeline/source_stage.h"
#include "tests/unit/pipeline/pipeline_harness.h"
#include "tests/unit/pipeline/player.h"

namespace telltale::pipeline {
namespace {

// Frames of a port for a dispatcher, eight per second.
class Seconds {
  public:
    explicit Seconds(const std::vector<support::TimedFrame>& frames) : frames_(frames) {}

    [[nodiscard]] bool over() const { return next_ == frames_.size(); }
    // The next frame, alone in a batch.
    const model::FrameBatch& next() {
        model::Frame frame;
        frame.data = frames_[next_].bytes.data();
        frame.captured_length = static_cast<std::uint32_t>(frames_[next_].bytes.size());
        frame.order = model::Order::of_frame(next_ + 1);
        batch_.clear();
        batch_.clock_ns = clock_of(next_++);
        batch_.add(frame);
        return batch_;
    }
    [[nodiscard]] static std::int64_t clock_of(std::size_t frame) {
        return static_cast<std::int64_t>(frame / 8) * base::kSecondNs;
    }
    [[nodiscard]] model::Order done() const { return model::Order::of_frame(next_); }

  private:
    const std::vector<support::TimedFrame>& frames_;
    std::size_t next_ = 0;
    model::FrameBatch batch_;
};

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

    // The source's thread publishes them by port and reason.
    const auto filter = TrafficFilter::create({});
    ASSERT_TRUE(filter);
    Published<SourceCopy> published;
    SourceStage stage(player, *filter, {}, {}, published);
    stage.publish(MonotoneClock::now(), dispatcher.dropped());
    for (const model::PortIndex port : {model::PortIndex(0), model::PortIndex(1)}) {
        EXPECT_EQ(published.read().ports[port].dropped[PortDrop::dispatch_full], (*dispatcher.dropped())[port]);
    }
}

// With WhenFull::wait the steps of all lanes are equal, also of a lane that gets no frames.
TEST(Dispatcher, GivesEveryWorkerTheSameClockSteps) {
    const auto frames = frames_of(conversations(1, 40));
    FrameLane lanes[] = {{64, model::kFileBatchBytes}, {64, model::kFileBatchBytes}};
    Dispatcher dispatcher({&lanes[0], &lanes[1]}, {1, 2}, 4, WhenFull::wait);
    std::vector<std::pair<std::int64_t, model::Order>> wanted;
    for (Seconds seconds(frames); !seconds.over();) {
        const model::FrameBatch& batch = seconds.next();
        if (wanted.empty() || wanted.back().first != batch.clock_ns) {
            wanted.emplace_back(batch.clock_ns, batch.frames[0].order.step_before());
        }
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

// With WhenFull::drop a step comes with a worker's next batch: after all that the worker was said to have seen, and
// before the frames of its second.
TEST(Dispatcher, StepsClocksInOrderWhereNobodyWaits) {
    const auto frames = frames_of(conversations(20, 10));
    FrameLane lanes[] = {{256, 64 * 1024}, {256, 64 * 1024}};
    Dispatcher dispatcher({&lanes[0], &lanes[1]}, {1, 2}, 4, WhenFull::drop);
    for (Seconds seconds(frames); !seconds.over();) dispatcher.take(seconds.next(), {});
    dispatcher.finish();
    std::uint64_t taken = 0;
    for (FrameLane& lane : lanes) {
        model::Order done;
        std::int64_t clock_ns = INT64_MIN;
        LaneBatch* received = nullptr;
        while (lane.receive(received)) {
            const model::FrameBatch& batch = received->frames;
            if (batch.clock_ns != clock_ns) {
                EXPECT_GT(batch.clock_ns, clock_ns);
                EXPECT_GT(received->step, done);
                EXPECT_TRUE(received->step.is_clock_step());
            }
            clock_ns = batch.clock_ns;
            for (std::size_t i = 0; i < batch.count; ++i) {
                EXPECT_GT(batch.frames[i].order, received->step);
                EXPECT_EQ(batch.clock_ns, Seconds::clock_of(batch.frames[i].order.frame_number() - 1));
            }
            taken += batch.count;
            EXPECT_GE(received->done, done);
            done = received->done;
        }
        EXPECT_EQ(clock_ns, Seconds::clock_of(frames.size() - 1));
    }
    EXPECT_EQ(taken, frames.size());
}

// While nothing arrives, workers get what waits, the clock, and how far the stream is.
TEST(Dispatcher, LetsWorkersGoOnWhileNothingArrives) {
    const auto frames = frames_of(conversations(1, 2));
    for (const WhenFull when_full : {WhenFull::wait, WhenFull::drop}) {
        SCOPED_TRACE(when_full == WhenFull::wait ? "wait" : "drop");
        FrameLane lanes[] = {{16, 64 * 1024}, {16, 64 * 1024}};
        Dispatcher dispatcher({&lanes[0], &lanes[1]}, {1, 2}, 4, when_full);
        Seconds seconds(frames);
        while (!seconds.over()) dispatcher.take(seconds.next(), {});
        const std::int64_t later_ns = Seconds::clock_of(0) + base::kSecondNs;
        const model::Order later = seconds.done().next_frame();
        std::uint64_t taken = 0;
        std::vector<model::Order> steps[2], done[2];  // of each lane's batches while the clock has gone on
        for (int rest = 0; rest < 20; ++rest) {
            dispatcher.rest(later_ns, later, {});
            for (std::size_t lane = 0; lane < 2; ++lane) {
                LaneBatch* received = nullptr;
                while (lanes[lane].receive(received)) {
                    taken += received->frames.count;
                    if (received->frames.clock_ns == later_ns) {
                        steps[lane].push_back(received->step);
                        done[lane].push_back(received->done);
                    }
                    lanes[lane].give_back(received);
                }
            }
        }
        EXPECT_EQ(taken, frames.size());
        for (std::size_t lane = 0; lane < 2; ++lane) {
            EXPECT_THAT(steps[lane], testing::Each(later.step_after()));
            ASSERT_FALSE(done[lane].empty()) << "the clock went on, and the worker does not know";
            EXPECT_EQ(done[lane].back(), later);
            EXPECT_LE(steps[lane].size(), 2U) << "a lane is not filled with batches that say nothing new";
        }
    }
}

}  // namespace
}  // namespace telltale::pipeline
