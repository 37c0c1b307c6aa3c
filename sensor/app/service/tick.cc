// SPDX-License-Identifier: Apache-2.0
// Runs about once per second on the correlator thread.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "sensor/app/service/live_counters.h"
#include "sensor/app/service/service.h"
#include "sensor/app/setup/health.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

// Smaller steps are not reported: NTP clients set the clock only when it is further off.
constexpr std::int64_t kLeastClockStepNs = base::kSecondNs / 4;

void publish(Service& service) {
    const std::lock_guard lock(service.shared.mutex);
    service.shared.correlated = service.setup.correlating->correlator().counters();
}

void add_live_figures(const SensorFigures& figures, model::Health& health) {
    visit_live_counters(figures, [&health](const CounterOrigin& origin, const base::CounterValue& value) {
        add_figure(origin, value, health);
    });
    const auto add = [&health](std::string name, std::uint64_t value) {
        health.figures.emplace_back(std::move(name), value);
    };
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        const pipeline::PortAccount& account = figures.accounts[port];
        const std::string prefix = "port." + port_label(figures, port) + ".";
        add(prefix + "in_flight", account.in_flight);
        add(prefix + "up", account.port.link.up ? 1 : 0);
        add(prefix + "blind", account.port.blind ? 1 : 0);
    }
}

model::Event current_health(Service& service) {
    const SensorFigures figures = gather(service);
    SessionFigures run = session_figures(figures.live.total);
    run.last_ns = figures.now_ns;
    model::Event event = health_event(figures.live.total, service.setup.correlating->correlator().counters(), run);
    model::Health& health = event.health.edit();
    add_live_figures(figures, health);
    service.store_health->add_to(health);
    return event;
}

void report(Service& service, model::Event event) {
    if (service.setup.correlating->events().emit(std::move(event))) service.store_health->note_stored();
}

void report_health(Service& service) { report(service, current_health(service)); }

void report_health(Service& service, std::string sentence) {
    model::Event event = current_health(service);
    event.message = std::move(sentence);
    report(service, std::move(event));
}

// Reports that somebody set the wall clock.
void watch_clock(Service& service, const base::ClockReading& now) {
    const std::int64_t offset_ns = base::clock_step_ns(service.started, now);
    const std::int64_t step_ns = offset_ns - service.clock_offset_ns;
    if (std::abs(step_ns) < kLeastClockStepNs) return;
    service.clock_offset_ns = offset_ns;
    model::Event event = current_health(service);
    event.action = model::EventAction::clock_stepped;
    event.message =
        fmt::format("the clock was set {:.1f} s {}", static_cast<double>(std::abs(step_ns)) / base::kSecondNs,
                    step_ns < 0 ? "back" : "forward");
    model::Health& health = event.health.edit();
    health.figures.emplace_back("clock.set_forward_ns", step_ns > 0 ? static_cast<std::uint64_t>(step_ns) : 0);
    health.figures.emplace_back("clock.set_back_ns", step_ns < 0 ? static_cast<std::uint64_t>(-step_ns) : 0);
    spdlog::warn("{}", event.message);
    report(service, std::move(event));
}

// Reports taps that went blind or recovered.
void watch_taps(Service& service) {
    const std::vector<capture::PortFigures> ports = service.taps->figures();
    for (std::size_t i = 0; i < ports.size() && i < service.blind.size(); ++i) {
        if (ports[i].blind == service.blind[i]) continue;
        service.blind[i] = ports[i].blind;
        std::string sentence = ports[i].blind
                                   ? fmt::format("tap {}: no packets on {} for {} s{}", ports[i].tap, ports[i].device,
                                                 ports[i].silent_ns / base::kSecondNs,
                                                 ports[i].one_sided ? ", while the other port receives packets" : "")
                                   : fmt::format("tap {}: packets on {} again", ports[i].tap, ports[i].device);
        ports[i].blind ? spdlog::warn("{}", sentence) : spdlog::info("{}", sentence);
        report_health(service, std::move(sentence));
    }
}

}  // namespace

void tick(Service& service) {
    correlate::Correlator& correlator = service.setup.correlating->correlator();
    correlator.flush();
    correlator.set_alert_update(service.shared.alert_update_ns.load(std::memory_order_relaxed));
    publish(service);
    service.setup.correlating->events().emit_posted();
    watch_taps(service);
    const base::ClockReading clocks = base::read_clocks();
    watch_clock(service, clocks);
    const std::int64_t now_ns = clocks.monotone_ns;
    if (now_ns >= service.next_health_ns) {
        service.next_health_ns = now_ns + service.shared.health_interval_ns.load(std::memory_order_relaxed);
        report_health(service);
    }
    service.state->tick(now_ns, service.shared.state_interval_ns.load(std::memory_order_relaxed));
}

void first_tick(Service& service) {
    service.next_health_ns =
        base::read_clocks().monotone_ns + service.shared.health_interval_ns.load(std::memory_order_relaxed);
    report_health(service);
}

void last_tick(Service& service) {
    std::int64_t last_ns = 0;
    for (const capture::PortFigures& port : service.taps->figures()) last_ns = std::max(last_ns, port.last_frame_ns);
    service.setup.correlating->correlator().finish(last_ns);
    publish(service);
    service.setup.correlating->events().emit_posted();
    report_health(service);
}

}  // namespace telltale::app
