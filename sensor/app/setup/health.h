// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sensor/app/setup/counter_lists.h"
#include "sensor/app/summary/summary.h"
#include "sensor/correlate/counters.h"
#include "sensor/model/event.h"
#include "sensor/pipeline/figures.h"

namespace telltale::app {

// Returns the sensor's own state as an event: what was received, what was dropped and why, how full the tables were.
model::Event health_event(const pipeline::PipelineTotals& figures, const correlate::Counters& correlated,
                          const SessionFigures& run);

// Adds a counter as PART.WHICH.NAME. Leaves out outcomes of a protocol that did not occur, but for `done`.
void add_figure(const CounterOrigin& origin, const base::CounterValue& value, model::Health& health);

std::string host_name();
// Returns a random id, different at every start.
std::string new_boot_id();

}  // namespace telltale::app
