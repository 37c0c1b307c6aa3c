// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/poll_loop.h"

#include "sensor/pipeline/idle_wait.h"

namespace telltale::pipeline {
namespace {

using capture::PollStatus;

// Decides when a poll loop ends. A source may hold frames back for others to come, so it has to bring nothing for
// longer than that.
class Stopping {
  public:
    Stopping(capture::FrameSource& source, const std::atomic<bool>& stop) : source_(source), stop_(stop) {}

    // Called at the beginning of a turn.
    void look(MonotoneClock::time_point now) {
        if (!asked_ && stop_.load(std::memory_order_relaxed)) {
            asked_ = true;
            quiet_since_ = now;
            latest_ = now + kLastFrames;
        }
        if (asked_ && now >= latest_) end();
        now_ = now;
    }
    // Returns whether that was the last turn.
    [[nodiscard]] bool over(PollStatus status) {
        if (status == PollStatus::frames) quiet_since_ = now_;
        if (status != PollStatus::nothing) return status == PollStatus::end;
        if (ending_) return true;
        if (asked_ && now_ - quiet_since_ >= kQuiet) end();
        return false;
    }

  private:
    static constexpr std::chrono::nanoseconds kQuiet{2 * capture::kLongestHoldNs};

    void end() {
        source_.stop_receiving();
        ending_ = true;
    }

    capture::FrameSource& source_;
    const std::atomic<bool>& stop_;
    bool asked_ = false;
    bool ending_ = false;
    MonotoneClock::time_point now_;
    MonotoneClock::time_point latest_;
    MonotoneClock::time_point quiet_since_;
};

}  // namespace

void poll_until_the_end(SourceStage& source, FrameTaker& taker, const std::atomic<bool>& stop,
                        const std::function<void(MonotoneClock::time_point)>& after_turn) {
    capture::FrameSource& frames = source.frames();
    model::FrameBatch batch;
    Stopping stopping(frames, stop);
    IdleWait idle;
    PollStatus status = PollStatus::frames;
    MonotoneClock::time_point now = MonotoneClock::now();
    do {
        taker.beat();
        stopping.look(now);
        source.publish_sometimes(now, taker.dropped());
        status = frames.poll(batch);
        if (status == PollStatus::frames) {
            now = taker.take(batch, now);
            frames.release(batch);
            idle.reset();
        } else if (status == PollStatus::nothing) {
            taker.rest(batch.clock_ns, batch.done, now);
            frames.release(batch);
            idle.wait();
            now = MonotoneClock::now();
        }
        if (after_turn) after_turn(now);
    } while (!stopping.over(status));
    taker.finish();
    source.publish(MonotoneClock::now(), taker.dropped());
}

}  // namespace telltale::pipeline
