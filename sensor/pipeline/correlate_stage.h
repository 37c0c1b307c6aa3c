// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "sensor/correlate/correlator.h"
#include "sensor/pipeline/record_consumer.h"

namespace telltale::pipeline {

// Gives the merged records to the correlator and, where asked, to somebody who watches them. On the correlator's
// thread.
class CorrelateStage final : public RecordConsumer {
  public:
    using Watch = std::function<void(const model::RecordView&)>;

    // `correlator` outlives it. `watch` may be empty.
    explicit CorrelateStage(correlate::Correlator& correlator, Watch watch = {});

    void on_record(const model::RecordView& record) override;
    void on_interval_end(std::int64_t end_ns) override;
    void on_upcoming(const model::RecordView& record) override;

  private:
    correlate::Correlator& correlator_;
    Watch watch_;
};

}  // namespace telltale::pipeline
