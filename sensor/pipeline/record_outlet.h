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
    // The worker has made every record up to `done`.
    virtual bool publish(model::RecordBuffer& records, model::Order done) = 0;
};

// One worker: records are handed over in place, in the same thread.
class InlineOutlet final : public RecordOutlet {
  public:
    explicit InlineOutlet(RecordSequencer& sequencer) : sequencer_(sequencer) {}
    bool publish(model::RecordBuffer& records, model::Order done) override;

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
    bool publish(model::RecordBuffer& records, model::Order done) override;

    base::ByteRing& ring() { return ring_; }
    // Producer, before its first record.
    void set_when_full(WhenFull when_full) { when_full_ = when_full; }
    // Producer: it has made its last record.
    void close() { watermark_.store(model::Order::last(), std::memory_order_release); }
    // From any thread: records that were put into the ring and taken out of it. Read `taken` first: then it is not
    // more.
    [[nodiscard]] std::uint64_t put() const { return put_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t taken() const { return taken_.load(std::memory_order_acquire); }
    // Consumer.
    void count_taken() { taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
    [[nodiscard]] const base::ByteRing& ring() const { return ring_; }
    // Every record up to this order is in the ring.
    [[nodiscard]] model::Order watermark() const { return watermark_.load(std::memory_order_acquire); }

  private:
    base::ByteRing ring_;
    WhenFull when_full_;
    alignas(64) std::atomic<model::Order> watermark_{};
    std::atomic<std::uint64_t> put_{0};
    alignas(64) std::atomic<std::uint64_t> taken_{0};
};

}  // namespace telltale::pipeline
