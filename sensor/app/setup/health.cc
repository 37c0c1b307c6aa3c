// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/health.h"

#include <fmt/format.h>
#include <unistd.h>

#include "sensor/base/clock.h"
#include "sensor/base/siphash.h"
#include "sensor/extract/counters.h"

namespace telltale::app {

void add_figure(const CounterOrigin& origin, const base::CounterValue& value, model::Health& health) {
    const bool of_a_protocol = origin.label == "protocol";
    if (of_a_protocol && value.value == 0 && value.name != "done") return;
    std::string name;
    for (const std::string_view part : {origin.part, std::string_view(origin.which), value.name, value.word}) {
        if (!name.empty() && !part.empty()) name += '.';
        name += part;
    }
    health.figures.emplace_back(std::move(name), value.value);
}

model::Event health_event(const pipeline::PipelineTotals& figures, const correlate::Counters& correlated,
                          const SessionFigures& run) {
    model::Event event;
    event.action = model::EventAction::sensor_health;
    event.time_ns = run.last_ns;
    event.created_ns = base::wall_clock_ns();
    event.message = fmt::format("{} frames read, {} malformed, {} flows, {} observations dropped", run.frames,
                                run.malformed, run.flows, run.records_dropped);
    model::Health health;
    visit_counters(figures, correlated, [&health](const CounterOrigin& origin, const base::CounterValue& value) {
        add_figure(origin, value, health);
    });
    for (std::size_t i = 0; i < extract::kProtocolCount; ++i) {
        health.figures.emplace_back(fmt::format("extract.{}.malformed", extract::kProtocols[i].name),
                                    figures.extract.protocols[i].malformed_messages());
    }
    health.figures.emplace_back("records.lost", figures.records_lost());
    event.health = std::move(health);
    return event;
}

std::string host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "sensor";
    return name;
}

std::string new_boot_id() {
    const base::HashKey random = base::random_hash_key();
    return fmt::format("{:016x}{:016x}", random.k0, random.k1);
}

}  // namespace telltale::app
