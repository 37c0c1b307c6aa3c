// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_ring.h"
#include "sensor/model/record.h"
#include "sensor/pipeline/policy.h"
#include "sensor/pipeline/record_sequencer.h"

namespace telltale::pipeline {

// Records on their way out of a worker. `taken` is never more than `put`.
struct OutletFigures {
    std::uint64_t put = 0;
    std::uint64_t taken = 0;
    std::uint64_t used_bytes = 0;
    std::uint64_t capacity_bytes = 0;
};

// Takes a worker's records at the end of its turn.
class RecordOutlet {
  public:
    virtual ~RecordOutlet() = default;
    // Takes all records and clears the buffer; or takes none and returns false (WhenFull::drop). The worker has made
    // every record up to `done`.
    virtual bool publish(model::RecordBuffer& records, model::Order done) = 0;
    // The worker has made its last record.
    virtual void close() {}
    // Any thread.
    [[nodiscard]] virtual OutletFigures figures() const { return {}; }
};

// Hands records over in place, on the worker's thread.
class InlineOutlet final : public RecordOutlet {
  public:
    explicit InlineOutlet(RecordSequencer& sequencer) : sequencer_(sequencer) {}
    bool publish(model::RecordBuffer& records, model::Order done) override;

  private:
    RecordSequencer& sequencer_;
};

// Carries records to the correlator's thread in a ring, with the watermark that lets the merge pass a worker without
// records. RecordMerge reads the consumer's half.
class RingOutlet final : public RecordOutlet {
  public:
    // With less, records that a worker kept while the ring was full might never fit: a record buffer, twice for the
    // ring's wrap.
    static constexpr std::size_t kFewestBytesToDrop = std::size_t{1} << 20;

    RingOutlet(std::size_t ring_bytes, WhenFull when_full);
    bool publish(model::RecordBuffer& records, model::Order done) override;
    void close() override { watermark_.store(model::Order::last(), std::memory_order_release); }
    [[nodiscard]] OutletFigures figures() const override;

    // Consumer.
    base::ByteRing& ring() { return ring_; }
    void count_taken() { taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
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
