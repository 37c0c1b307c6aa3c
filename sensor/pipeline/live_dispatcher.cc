// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/live_dispatcher.h"

#include "sensor/decode/affinity.h"
#include "sensor/pipeline/backoff.h"

namespace telltale::pipeline {

LiveDispatcher::LiveDispatcher(std::vector<FrameLane*> lanes, base::HashKey key, unsigned tunnels, WhenFull when_full)
    : lanes_(std::move(lanes)), hash_(key), tunnels_(tunnels), when_full_(when_full), told_(lanes_.size()) {}

void LiveDispatcher::dispatch(const model::FrameBatch& batch) {
    rests_ = 0;
    clock_ns_ = batch.clock_ns;
    for (std::size_t i = 0; i < batch.count; ++i) {
        const model::Frame& frame = batch.frames[i];
        const auto lane = static_cast<std::size_t>(decode::affinity_hash(frame, hash_, tunnels_) % lanes_.size());
        LaneBatch* target = place_for(lane, frame.captured_length);
        if (target != nullptr) {
            target->frames.add_copy(frame);
        } else if (!frame.reassembled) {
            ++full_[frame.port];
        }
        done_ = frame.order;
        if (target != nullptr && target->frames.full()) send(lane);
    }
    // A worker that has nothing to do gets what there is; for the others a batch may fill.
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_[lane]->has_frames() && lanes_[lane]->waiting() == 0) send(lane);
    }
    since_watermark_ += batch.count;
    if (since_watermark_ >= kWatermarkEvery) send_watermarks();
}

void LiveDispatcher::rest(std::int64_t clock_ns, model::Order done) {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_[lane]->has_frames()) send(lane);
    }
    clock_ns_ = clock_ns;
    done_ = done;
    if (rests_++ % kRestsAWatermark == 0) send_watermarks();
}

void LiveDispatcher::finish() {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        wait_for_batch(lane)->last = true;
        send(lane);
    }
}

LaneBatch* LiveDispatcher::place_for(std::size_t lane, std::size_t bytes) {
    const LaneBatch* filling = lanes_[lane]->filling();
    const bool other_second = filling != nullptr && filling->frames.clock_ns != clock_ns_;
    if (lanes_[lane]->has_frames() && (other_second || !filling->frames.fits(bytes))) send(lane);
    return when_full_ == WhenFull::wait ? wait_for_batch(lane) : open_batch(lane);
}

LaneBatch* LiveDispatcher::open_batch(std::size_t lane) {
    LaneBatch* batch = lanes_[lane]->filling();
    if (batch != nullptr && batch->frames.count == 0) {
        batch->frames.clock_ns = clock_ns_;
        batch->last = false;
    }
    return batch;
}

LaneBatch* LiveDispatcher::wait_for_batch(std::size_t lane) {
    Backoff backoff;
    LaneBatch* batch = open_batch(lane);
    while (batch == nullptr) {
        // Its worker may be waiting for the merge, and the merge for a worker that got no frames.
        send_watermarks();
        backoff.wait();
        batch = open_batch(lane);
    }
    return batch;
}

void LiveDispatcher::send(std::size_t lane) {
    lanes_[lane]->filling()->done = done_;
    told_[lane] = done_;
    lanes_[lane]->send();
}

// Lanes whose workers have nothing to do learn how far the stream is; the others are told with their frames.
void LiveDispatcher::send_watermarks() {
    since_watermark_ = 0;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (told_[lane] == done_ || lanes_[lane]->waiting() != 0) continue;
        if (open_batch(lane) != nullptr) send(lane);
    }
}

}  // namespace telltale::pipeline
