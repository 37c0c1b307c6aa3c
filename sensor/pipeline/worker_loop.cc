// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/worker_loop.h"

#include <algorithm>

#include "sensor/pipeline/idle_wait.h"

namespace telltale::pipeline {
namespace {

std::uint64_t nanoseconds(MonotoneClock::duration duration) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

std::span<const model::Frame> frames_of(const model::FrameBatch& batch) {
    return std::span(batch.frames).first(batch.count);
}

}  // namespace

WorkerLoop::WorkerLoop(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
                       WhenFull when_full, std::unique_ptr<RecordOutlet> outlet, std::unique_ptr<FrameLane> lane)
    : outlet_(std::move(outlet)),
      lane_(std::move(lane)),
      worker_(tracking, std::move(scanner), generation, when_full, *outlet_) {
    started_ = published_at_ = MonotoneClock::now();
    publish(started_);
}

MonotoneClock::time_point WorkerLoop::take(const model::FrameBatch& batch, MonotoneClock::time_point began) {
    const std::span<const model::Frame> frames = frames_of(batch);
    return work(frames, batch.clock_ns, frames.front().order.step_before(), frames.back().order, began);
}

void WorkerLoop::rest(std::int64_t clock_ns, model::Order done, MonotoneClock::time_point now) {
    idle(clock_ns, done.step_after(), done, now);
}

void WorkerLoop::finish() {
    worker_.finish(done_.end());
    outlet_->close();
    publish(MonotoneClock::now());
}

void WorkerLoop::run() {
    IdleWait wait;
    bool last = false;
    while (!last) {
        beat();
        const MonotoneClock::time_point began = MonotoneClock::now();
        LaneBatch* batch = nullptr;
        if (!lane_->receive(batch)) {
            publish_sometimes(began);
            wait.wait();
            continue;
        }
        wait.reset();
        last = batch->last;
        if (batch->frames.count != 0) {
            work(frames_of(batch->frames), batch->frames.clock_ns, batch->step, batch->done, began);
        } else {
            idle(batch->frames.clock_ns, batch->step, batch->done, began);
        }
        lane_->give_back(batch);
    }
    finish();
}

MonotoneClock::time_point WorkerLoop::work(std::span<const model::Frame> frames, std::int64_t clock_ns,
                                           model::Order step, model::Order done, MonotoneClock::time_point began) {
    step_clock(clock_ns, step);
    worker_.process(frames, done);
    done_ = done;
    const MonotoneClock::time_point now = MonotoneClock::now();
    busy_ns_ += nanoseconds(now - began);
    publish_sometimes(now);
    return now;
}

void WorkerLoop::idle(std::int64_t clock_ns, model::Order step, model::Order done, MonotoneClock::time_point now) {
    step_clock(clock_ns, step);
    done_ = std::max(done_, done);
    worker_.rest(done_);
    publish_sometimes(now);
}

// Records that the worker still owes are made at a later turn: their order must not be before what it has done.
void WorkerLoop::step_clock(std::int64_t clock_ns, model::Order step) {
    if (clock_ns == INT64_MIN) return;
    step = std::max(step, done_.step_after());
    if (worker_.step_clock(clock_ns, step)) done_ = step;
}

void WorkerLoop::publish_sometimes(MonotoneClock::time_point now) {
    if (now - published_at_ >= kPublishEvery) publish(now);
}

void WorkerLoop::publish(MonotoneClock::time_point now) {
    WorkerCopy copy = copy_of(worker_);
    copy.busy_ns = busy_ns_;
    copy.running_ns = nanoseconds(now - started_);
    copy.last_busy_ns = busy_ns_ - busy_before_ns_;
    copy.last_running_ns = nanoseconds(now - published_at_);
    published_.publish(copy);
    busy_before_ns_ = busy_ns_;
    published_at_ = now;
}

WorkerFigures WorkerLoop::figures(WorkerCopy& copy) const {
    WorkerFigures figures;
    const OutletFigures records = outlet_->figures();
    copy = published_.read();
    figures.records_consumed = records.taken;
    figures.records_waiting = records.put - records.taken;
    figures.records_dropped = records_lost(copy.worker, copy.extract);
    figures.records_published = records.put + figures.records_dropped;
    figures.ring_used_bytes = records.used_bytes;
    figures.ring_limit_bytes = records.capacity_bytes;
    figures.counters = copy.worker;
    if (lane_) {
        figures.queue_batches = lane_->waiting();
        figures.queue_limit_batches = lane_->capacity();
    }
    figures.heartbeats = heartbeat();
    figures.busy_ns = copy.busy_ns;
    figures.running_ns = copy.running_ns;
    if (copy.last_running_ns != 0) {
        figures.busy_ratio = static_cast<double>(copy.last_busy_ns) / static_cast<double>(copy.last_running_ns);
    }
    figures.flows_active = copy.track.flows_active;
    figures.flows_limit = copy.flows_limit;
    return figures;
}

}  // namespace telltale::pipeline
