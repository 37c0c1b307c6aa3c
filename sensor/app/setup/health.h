// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sensor/app/summary/summary.h"
#include "sensor/correlate/counters.h"
#include "sensor/model/event.h"
#include "sensor/pipeline/file_pipeline.h"

namespace telltale::app {

// The sensor's own state as an event: what came in, what was dropped and why, how full the tables were.
model::Event health_event(const pipeline::PipelineFigures& figures, const correlate::Counters& correlated,
                          const SessionFigures& run);

std::string host_name();
// Random, another one at every start.
std::string new_boot_id();

}  // namespace telltale::app
