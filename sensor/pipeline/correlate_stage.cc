// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/correlate_stage.h"

#include <utility>

namespace telltale::pipeline {

CorrelateStage::CorrelateStage(correlate::CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
                               const signatures::OuiRegistry* registry, Watch watch)
    : correlator_(std::move(config), std::move(bundle), registry,
                  [this](model::Event&& event) { events_.emit(std::move(event)); }),
      watch_(std::move(watch)) {}

void CorrelateStage::on_record(const model::RecordView& record) {
    correlator_.on_record(record);
    if (watch_) watch_(record);
}

void CorrelateStage::on_interval_end(std::int64_t end_ns) { correlator_.close_interval(end_ns); }

void CorrelateStage::on_upcoming(const model::RecordView& record) { correlator_.expect(record); }

}  // namespace telltale::pipeline
