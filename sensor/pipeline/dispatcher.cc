// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/dispatcher.h"

#include "sensor/decode/affinity.h"
#include "sensor/pipeline/idle_wait.h"

namespace telltale::pipeline {

Dispatcher::Dispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels, WhenFull when_full)
    : lanes_(std::move(lanes)), hash_(key), tunnels_(tunnels), when_full_(when_full), sent_(lanes_.size()) {}

MonotoneClock::time_point Dispatcher::take(const model::FrameBatch& batch, MonotoneClock::time_point) {
    rests_ = 0;
    if (batch.clock_ns != clock_ns_) step_clock(batch.clock_ns, batch.frames[0].order.step_before());
    for (std::size_t i = 0; i < batch.count; ++i) {
        const model::Frame& frame = batch.frames[i];
        const auto lane = static_cast<std::size_t>(decode::affinity_hash(frame, hash_, tunnels_) % lanes_.size());
        LaneBatch* const target = place_for(lane, frame);
        if (target != nullptr) {
            target->frames.add_copy(frame);
        } else if (!frame.reassembled) {
            ++dropped_[frame.port];
        }
        done_ = frame.order;
        if (target != nullptr && target->frames.full()) send(lane);
    }
    // On a port, an idle worker gets what there is; batches for busy workers may fill.
    for (std::size_t lane = 0; when_full_ == WhenFull::drop && lane < lanes_.size(); ++lane) {
        if (lanes_[lane]->has_frames() && lanes_[lane]->waiting() == 0) send(lane);
    }
    since_watermark_ += batch.count;
    if (since_watermark_ >= kFramesPerWatermark) send_watermarks();
    return MonotoneClock::now();
}

void Dispatcher::rest(std::int64_t clock_ns, model::Order done, MonotoneClock::time_point) {
    send_frames();
    if (clock_ns != clock_ns_) step_clock(clock_ns, done.step_after());
    done_ = done;
    if (rests_++ % kRestsPerWatermark == 0) send_watermarks();
}

void Dispatcher::finish() {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        wait_to_open(lane)->last = true;
        send(lane);
    }
}

LaneBatch* Dispatcher::place_for(std::size_t lane, const model::Frame& frame) {
    const LaneBatch* const filling = lanes_[lane]->filling();
    if (lanes_[lane]->has_frames() && !filling->frames.fits(frame.captured_length)) send(lane);
    return when_full_ == WhenFull::wait ? wait_to_open(lane) : try_open(lane);
}

LaneBatch* Dispatcher::try_open(std::size_t lane) {
    LaneBatch* const batch = lanes_[lane]->filling();
    if (batch != nullptr && batch->frames.count == 0) {
        batch->frames.clock_ns = clock_ns_;
        batch->step = step_;
        batch->last = false;
    }
    return batch;
}

LaneBatch* Dispatcher::wait_to_open(std::size_t lane) {
    IdleWait idle;
    LaneBatch* batch = try_open(lane);
    while (batch == nullptr) {
        // Its worker may be waiting for the merge, and the merge for a worker that got no frames.
        send_watermarks();
        idle.wait();
        batch = try_open(lane);
    }
    return batch;
}

void Dispatcher::step_clock(std::int64_t clock_ns, model::Order step) {
    send_frames();  // they belong to the second before
    clock_ns_ = clock_ns;
    step_ = step;
    for (std::size_t lane = 0; when_full_ == WhenFull::wait && lane < lanes_.size(); ++lane) {
        wait_to_open(lane);
        send(lane);
    }
}

void Dispatcher::send(std::size_t lane) {
    lanes_[lane]->filling()->done = done_;
    sent_[lane] = done_;
    lanes_[lane]->send();
}

void Dispatcher::send_frames() {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_[lane]->has_frames()) send(lane);
    }
}

// Lets idle workers know how far the stream is; busy ones get it with their frames.
void Dispatcher::send_watermarks() {
    since_watermark_ = 0;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (sent_[lane] == done_ || lanes_[lane]->waiting() != 0) continue;
        if (try_open(lane) != nullptr) send(lane);
    }
}

}  // namespace telltale::pipeline
