// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sensor/app/service/sensor_figures.h"
#include "sensor/app/setup/counter_lists.h"

namespace telltale::app {

// Calls report(const CounterOrigin&, const base::CounterValue&) for every counter of ports, their interfaces, taps,
// workers and the path of events.
template <typename Report>
void visit_live_counters(const SensorFigures& figures, Report&& report) {
    const auto list = [&](const CounterOrigin& origin, const auto& counters) {
        base::visit(counters, [&](const base::CounterValue& value) { report(origin, value); });
    };
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        const pipeline::PortAccount& account = figures.accounts[port];
        const CounterOrigin origin{"port", "port", port_label(figures, port)};
        list(origin, static_cast<const capture::PortCounters&>(account.port));
        list(origin, account.counts);
        if (account.port.has_interface) list({"interface", "port", origin.which}, account.port.kernel);
    }
    for (std::size_t tap = 0; tap < figures.taps.size(); ++tap) {
        list({"tap", "tap", figures.taps[tap]}, figures.live.taps[model::TapIndex(tap)]);
    }
    for (std::size_t i = 0; i < figures.live.workers.size(); ++i) {
        const CounterOrigin origin{"worker", "worker", std::to_string(i)};
        list(origin, figures.live.workers[i].counters);
        list(origin, static_cast<const pipeline::LoadCounters&>(figures.live.workers[i]));
    }
    list({"events"}, figures.events);
}

}  // namespace telltale::app
