// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "sensor/correlate/correlator.h"
#include "sensor/pipeline/event_path.h"
#include "sensor/pipeline/record_consumer.h"

namespace telltale::pipeline {

// Everything behind the merge: correlates the records and sends the events on their path to the store. The same for
// every command. Used by the correlator thread, and by the main thread before and after the pipeline runs.
class CorrelateStage final : public RecordConsumer {
  public:
    using Watch = std::function<void(const model::RecordView&)>;

    // `registry` may be null and outlives the stage. `watch` may be empty; it sees each record after the correlator.
    CorrelateStage(correlate::CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
                   const signatures::OuiRegistry* registry, Watch watch = {});

    // Its listeners and store are set before the first record.
    EventPath& events() { return events_; }
    correlate::Correlator& correlator() { return correlator_; }

    void on_record(const model::RecordView& record) override;
    void on_interval_end(std::int64_t end_ns) override;
    void on_upcoming(const model::RecordView& record) override;

  private:
    EventPath events_;
    correlate::Correlator correlator_;
    Watch watch_;
};

}  // namespace telltale::pipeline
