// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/record_outlet.h"

#include "sensor/pipeline/backoff.h"

namespace telltale::pipeline {

bool InlineOutlet::publish(model::RecordBuffer& records, model::Order) {
    records.for_each([this](std::span<std::uint8_t> record) { sequencer_.announce(record); });
    records.for_each([this](std::span<std::uint8_t> record) { sequencer_.take(record); });
    records.clear();
    return true;
}

bool RingOutlet::publish(model::RecordBuffer& records, model::Order done) {
    if (when_full_ == WhenFull::refuse) {
        const std::size_t worst = records.bytes().size() * 2 + model::kMaxRecordBytes;
        if (ring_.capacity_bytes() - ring_.used_bytes() < worst) return false;
    }
    // Counted before the consumer can see it.
    std::uint64_t put = put_.load(std::memory_order_relaxed);
    records.for_each([this, &put](std::span<std::uint8_t> record) {
        put_.store(++put, std::memory_order_relaxed);
        Backoff backoff;
        while (!ring_.push(record)) {
            ring_.publish();  // what is written is all that the consumer can make room with
            backoff.wait();
        }
    });
    ring_.publish();
    watermark_.store(done, std::memory_order_release);
    records.clear();
    return true;
}

}  // namespace telltale::pipeline
