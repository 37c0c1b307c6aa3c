// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/record_outlet.h"

#include <algorithm>

#include "sensor/pipeline/idle_wait.h"

namespace telltale::pipeline {

bool InlineOutlet::publish(model::RecordBuffer& records, model::Order) {
    records.for_each([this](std::span<std::uint8_t> record) { sequencer_.announce(record); });
    records.for_each([this](std::span<std::uint8_t> record) { sequencer_.take(record); });
    records.clear();
    return true;
}

RingOutlet::RingOutlet(std::size_t ring_bytes, WhenFull when_full)
    : ring_(when_full == WhenFull::drop ? std::max(ring_bytes, kFewestBytesToDrop) : ring_bytes),
      when_full_(when_full) {}

bool RingOutlet::publish(model::RecordBuffer& records, model::Order done) {
    if (when_full_ == WhenFull::drop) {
        const std::size_t worst = records.bytes().size() * 2 + model::kMaxRecordBytes;
        if (ring_.capacity_bytes() - ring_.used_bytes() < worst) return false;
    }
    // Counted before the consumer can see it.
    std::uint64_t put = put_.load(std::memory_order_relaxed);
    records.for_each([this, &put](std::span<std::uint8_t> record) {
        put_.store(++put, std::memory_order_relaxed);
        IdleWait idle;
        while (!ring_.push(record)) {
            ring_.publish();  // the consumer can make room only with what is written
            idle.wait();
        }
    });
    ring_.publish();
    watermark_.store(done, std::memory_order_release);
    records.clear();
    return true;
}

OutletFigures RingOutlet::figures() const {
    OutletFigures figures;
    // In this order: what is taken cannot be more than what is put.
    figures.taken = taken_.load(std::memory_order_acquire);
    figures.put = put_.load(std::memory_order_acquire);
    figures.used_bytes = ring_.used_bytes();
    figures.capacity_bytes = ring_.capacity_bytes();
    return figures;
}

}  // namespace telltale::pipeline
