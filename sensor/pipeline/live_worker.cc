// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/live_worker.h"

#include <algorithm>

#include "sensor/pipeline/backoff.h"

namespace telltale::pipeline {
namespace {

std::uint64_t nanoseconds(LiveClock::duration duration) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

}  // namespace

LiveWorker::LiveWorker(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
                       std::size_t ring_bytes)
    : outlet_(std::max(ring_bytes, kFewestRingBytes), RingOutlet::WhenFull::refuse),
      worker_(tracking, std::move(scanner), generation, outlet_) {
    started_ = published_at_ = LiveClock::now();
    publish(started_);
}

void LiveWorker::start(bool can_wait) {
    can_wait_ = can_wait;
    outlet_.set_when_full(can_wait ? RingOutlet::WhenFull::wait : RingOutlet::WhenFull::refuse);
    started_ = published_at_ = LiveClock::now();
}

void LiveWorker::step(std::int64_t clock_ns, model::Order order) {
    if (clock_ns == INT64_MIN) return;  // a file before its first frame
    if (can_wait_) {
        worker_.step_clock(clock_ns, order);
    } else {
        worker_.step_port_clock(clock_ns, order);
    }
}

void LiveWorker::take(std::span<const model::Frame> frames, std::int64_t clock_ns, model::Order done,
                      LiveClock::time_point began) {
    step(clock_ns, frames.front().order.step_before());
    worker_.process(frames, done);
    for (const model::Frame& frame : frames) analysed_[frame.port] += frame.reassembled ? 0U : 1U;
    const LiveClock::time_point now = LiveClock::now();
    busy_ns_ += nanoseconds(now - began);
    publish_sometimes(now);
}

void LiveWorker::rest(std::int64_t clock_ns, model::Order done, LiveClock::time_point now) {
    step(clock_ns, done);
    worker_.rest(done);
    publish_sometimes(now);
}

void LiveWorker::finish(model::Order order) {
    worker_.finish(order);
    outlet_.close();
    publish(LiveClock::now());
}

void LiveWorker::run(FrameLane& lane) {
    lane_.store(&lane, std::memory_order_release);
    Backoff backoff;
    bool last = false;
    while (!last) {
        beat();
        const LiveClock::time_point began = LiveClock::now();
        LaneBatch* batch = nullptr;
        if (!lane.receive(batch)) {
            publish_sometimes(began);
            backoff.wait();
            continue;
        }
        backoff.reset();
        last = batch->last;
        const model::Order done = batch->done;
        if (batch->frames.count != 0) {
            take(std::span(batch->frames.frames).first(batch->frames.count), batch->frames.clock_ns, done, began);
        } else {
            rest(batch->frames.clock_ns, done.step_after(), began);
        }
        lane.give_back(batch);
        if (last) finish(done.end());
    }
}

void LiveWorker::publish_sometimes(LiveClock::time_point now) {
    if (now - published_at_ >= kPublishEvery) publish(now);
}

void LiveWorker::publish(LiveClock::time_point now) {
    WorkerSnapshot snapshot = snapshot_of(worker_);
    snapshot.analysed = analysed_;
    snapshot.busy_ns = busy_ns_;
    snapshot.running_ns = nanoseconds(now - started_);
    snapshot.last_busy_ns = busy_ns_ - busy_before_ns_;
    snapshot.last_running_ns = nanoseconds(now - published_at_);
    published_.publish(snapshot);
    busy_before_ns_ = busy_ns_;
    published_at_ = now;
}

WorkerFigures LiveWorker::figures(WorkerSnapshot& snapshot) const {
    WorkerFigures figures;
    // In this order: what is consumed cannot be more than what is put.
    figures.records_consumed = outlet_.taken();
    const std::uint64_t put = outlet_.put();
    figures.records_waiting = put - figures.records_consumed;
    snapshot = published_.read();
    figures.records_dropped = snapshot.records_lost();
    figures.records_published = put + figures.records_dropped;
    figures.ring_used_bytes = outlet_.ring().used_bytes();
    figures.ring_bytes = outlet_.ring().capacity_bytes();
    figures.ring_full = snapshot.worker.ring_full;
    if (const FrameLane* lane = lane_.load(std::memory_order_acquire); lane != nullptr) {
        figures.queue_used = lane->waiting();
        figures.queue_limit = lane->capacity();
    }
    figures.heartbeat = heartbeat_.load(std::memory_order_relaxed);
    figures.busy_ns = snapshot.busy_ns;
    figures.running_ns = snapshot.running_ns;
    if (snapshot.last_running_ns != 0) {
        figures.busy_ratio = static_cast<double>(snapshot.last_busy_ns) / static_cast<double>(snapshot.last_running_ns);
    }
    figures.frames = snapshot.worker.frames;
    figures.malformed = snapshot.decode.malformed_frames();
    figures.flows_active = snapshot.track.flows_active;
    figures.flows_limit = snapshot.flows_limit;
    figures.flows_evicted = snapshot.track.flows_closed_evicted;
    return figures;
}

}  // namespace telltale::pipeline
