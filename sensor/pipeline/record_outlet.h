// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_ring.h"
#include "sensor/model/record.h"
#include "sensor/pipeline/record_sequencer.h"

namespace telltale::pipeline {

// Where a worker's records go at the end of its turn.
class RecordOutlet {
  public:
    virtual ~RecordOutlet() = default;
    // Takes all records and clears the buffer, or (a full ring on a port) takes none and returns false.
    // `done_order`: the worker has made every record up to this order.
    virtual bool publish(model::RecordBuffer& records, std::uint64_t done_order) = 0;
};

// One worker: records are handed over in place, in the same thread.
class InlineOutlet final : public RecordOutlet {
  public:
    explicit InlineOutlet(RecordSequencer& sequencer) : sequencer_(sequencer) {}
    bool publish(model::RecordBuffer& records, std::uint64_t done_order) override;

  private:
    RecordSequencer& sequencer_;
};

// Several workers: a ring to the correlator's thread, and the watermark that lets the merge pass a worker without
// records. The consumer's half is read by RecordMerge.
class RingOutlet final : public RecordOutlet {
  public:
    // What a file source does when the ring is full: wait. A port keeps its records and goes on counting.
    enum class WhenFull : std::uint8_t { wait, refuse };

    RingOutlet(std::size_t ring_bytes, WhenFull when_full) : ring_(ring_bytes), when_full_(when_full) {}
    bool publish(model::RecordBuffer& records, std::uint64_t done_order) override;

    base::ByteRing& ring() { return ring_; }
    // Every record up to this order is in the ring.
    [[nodiscard]] std::uint64_t watermark() const { return watermark_.load(std::memory_order_acquire); }

  private:
    base::ByteRing ring_;
    WhenFull when_full_;
    alignas(64) std::atomic<std::uint64_t> watermark_{0};
};

}  // namespace telltale::pipeline
