// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/dispatcher.h"

#include "sensor/decode/affinity.h"
#include "sensor/pipeline/backoff.h"

namespace telltale::pipeline {

Dispatcher::Dispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels)
    : lanes_(std::move(lanes)), hash_(key), tunnels_(tunnels), told_(lanes_.size()) {}

void Dispatcher::dispatch(const model::FrameBatch& batch) {
    if (batch.count == 0) return;
    if (batch.clock_ns != clock_ns_) step_clock(batch.clock_ns, batch.frames[0].order.step_before());
    for (std::size_t i = 0; i < batch.count; ++i) {
        const model::Frame& frame = batch.frames[i];
        const std::size_t lane =
            static_cast<std::size_t>(decode::affinity_hash(frame, hash_, tunnels_) % lanes_.size());
        if (!open_batch(lane).frames.fits(frame.captured_length)) send(lane);
        LaneBatch& target = open_batch(lane);
        target.frames.add_copy(frame);
        done_ = frame.order;
        if (target.frames.full()) send(lane);
    }
    since_watermark_ += batch.count;
    if (since_watermark_ >= kWatermarkEvery) send_watermarks();
}

void Dispatcher::finish() {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        LaneBatch& batch = open_batch(lane);
        batch.last = true;
        send(lane);
    }
}

LaneBatch& Dispatcher::open_batch(std::size_t lane) {
    Backoff backoff;
    LaneBatch* batch = lanes_[lane]->filling();
    while (batch == nullptr) {
        // The worker is behind. It may be waiting for the merge, and the merge for a worker that got no frames.
        send_watermarks();
        backoff.wait();
        batch = lanes_[lane]->filling();
    }
    if (batch->frames.count == 0) {
        batch->frames.clock_ns = clock_ns_;
        batch->step = step_;
        batch->last = false;
    }
    return *batch;
}

void Dispatcher::send(std::size_t lane) {
    lanes_[lane]->filling()->done = done_;
    told_[lane] = done_;
    lanes_[lane]->send();
}

// Every lane that has a batch to spare learns how far the stream is.
void Dispatcher::send_watermarks() {
    since_watermark_ = 0;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (told_[lane] == done_ || lanes_[lane]->filling() == nullptr) continue;
        LaneBatch& batch = *lanes_[lane]->filling();
        if (batch.frames.count == 0) {
            batch.frames.clock_ns = clock_ns_;
            batch.step = step_;
            batch.last = false;
        }
        send(lane);
    }
}

void Dispatcher::step_clock(std::int64_t clock_ns, model::Order order) {
    // What is being filled belongs to the second before.
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_[lane]->has_frames()) send(lane);
    }
    clock_ns_ = clock_ns;
    step_ = order;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        open_batch(lane);
        send(lane);
    }
}

}  // namespace telltale::pipeline
