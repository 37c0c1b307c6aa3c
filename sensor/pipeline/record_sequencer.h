// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sensor/model/record.h"
#include "sensor/pipeline/record_consumer.h"

namespace telltale::pipeline {

// The last step of the merge: gets the records of all workers in ascending order and hands them on in an order that
// does not depend on the number of workers. A frame's records come from one worker and pass. A clock step's
// records come from every worker: they are gathered, sorted (track/record_order.h), and followed by the interval's end
// once all workers have reported it. On the correlator's thread.
class RecordSequencer {
  public:
    // `consumer` outlives it.
    RecordSequencer(RecordConsumer& consumer, std::size_t workers);

    // Optional, for speed: the record will be taken soon.
    void announce(std::span<const std::uint8_t> record) const;
    void take(std::span<const std::uint8_t> record);
    // No worker will send more of the order that is being gathered.
    void flush();
    // No worker will send more up to this order. False if the frame or clock step in hand is later.
    bool flush_to(model::Order order) {
        if (order_ > order) return false;
        flush();
        return true;
    }

  private:
    struct Gathered {
        std::int64_t place;  // track::place_in_order
        std::size_t offset;  // in bytes_
    };
    void gather(const model::RecordView& record);
    [[nodiscard]] model::RecordView record_of(const Gathered& at) const;
    void sort();
    void note_interval_end(const model::RecordHeader& header);

    RecordConsumer& consumer_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Gathered> gathered_;
    model::Order order_;
    std::vector<std::int64_t> interval_end_ns_;  // by worker: the last that it reported
    std::int64_t closed_ns_ = INT64_MIN;
    bool interval_reported_ = false;
};

}  // namespace telltale::pipeline
