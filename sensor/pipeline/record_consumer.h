// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/model/record.h"

namespace telltale::pipeline {

// Takes the merged records, on the correlator's thread.
class RecordConsumer {
  public:
    RecordConsumer() = default;
    RecordConsumer(const RecordConsumer&) = delete;
    RecordConsumer& operator=(const RecordConsumer&) = delete;
    virtual ~RecordConsumer() = default;

    virtual void on_record(const model::RecordView& record) = 0;
    // All workers have reported their bytes up to `end_ns`.
    virtual void on_interval_end(std::int64_t end_ns) = 0;
    // The record will come soon: a chance to prefetch. Does not happen for every record.
    virtual void on_upcoming(const model::RecordView&) {}
};

}  // namespace telltale::pipeline
