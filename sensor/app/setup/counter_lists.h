// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sensor/base/counters.h"
#include "sensor/correlate/counters.h"
#include "sensor/pipeline/figures.h"

namespace telltale::app {

// The part of the sensor that a counter is of: "decode", "port"; empty for the workers' own. Where there are several
// alike, `label` is what they are and `which` is this one: port uplink:0.
struct CounterOrigin {
    std::string_view part;
    std::string_view label{};
    std::string which{};
};

// Calls report(const CounterOrigin&, const base::CounterValue&) for every counter of the pipeline and of correlation.
// What shows counters walks this list; nothing else names them one by one.
template <typename Report>
void visit_counters(const pipeline::PipelineTotals& figures, const correlate::Counters& correlated, Report&& report) {
    figures.visit([&](std::string_view stage, std::string_view protocol, const base::CounterValue& value) {
        CounterOrigin origin{stage};
        if (!protocol.empty()) origin = {stage, "protocol", std::string(protocol)};
        report(origin, value);
    });
    const CounterOrigin origin{"correlate"};
    correlated.visit([&](const base::CounterValue& value) { report(origin, value); });
}

}  // namespace telltale::app
