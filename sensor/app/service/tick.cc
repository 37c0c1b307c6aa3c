// SPDX-License-Identifier: Apache-2.0
// Runs about once per second on the correlator thread.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "sensor/app/service/live_counters.h"
#include "sensor/app/service/service.h"
#include "sensor/app/setup/health.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

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

void report_health(Service& service, std::string sentence) {
    const SensorFigures figures = gather(service);
    SessionFigures run = session_figures(figures.live.total);
    run.last_ns = figures.now_ns;
    model::Event event = health_event(figures.live.total, service.setup.correlating->correlator().counters(), run);
    if (!sentence.empty()) event.message = std::move(sentence);
    model::Health& health = event.health.edit();
    add_live_figures(figures, health);
    service.store_health->add_to(health);
    if (service.setup.correlating->events().emit(std::move(event))) service.store_health->note_stored();
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

// Waits until the state has been written.
void end_saving(Service& service) {
    if (!service.saving.valid()) return;
    if (const base::Status saved = service.saving.get(); !saved) {
        spdlog::error("cannot save the state: {}", saved.error().text);
    }
}

// Writes the state on its own thread, so that a slow disk does not delay records. One state at a time.
void save_state(Service& service) {
    if (!service.state_file) return;
    service.saving = std::async(
        std::launch::async, [file = service.state_file.get(), text = service.setup.correlating->correlator().save()] {
            return file->write(text);
        });
}

bool is_saving(Service& service) {
    if (!service.saving.valid()) return false;
    if (service.saving.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return true;
    end_saving(service);
    return false;
}

}  // namespace

void tick(Service& service) {
    correlate::Correlator& correlator = service.setup.correlating->correlator();
    correlator.flush();
    correlator.set_alert_update(service.shared.alert_update_ns.load(std::memory_order_relaxed));
    publish(service);
    service.setup.correlating->events().emit_posted();
    watch_taps(service);
    const std::int64_t now_ns = base::wall_clock_ns();
    if (now_ns >= service.next_health_ns) {
        service.next_health_ns = now_ns + service.shared.health_interval_ns.load(std::memory_order_relaxed);
        report_health(service, {});
    }
    if (!is_saving(service) && now_ns >= service.next_save_ns) {
        const bool first = service.next_save_ns == 0;
        service.next_save_ns = now_ns + service.shared.state_interval_ns.load(std::memory_order_relaxed);
        if (!first) save_state(service);
    }
}

void last_tick(Service& service) {
    std::int64_t last_ns = 0;
    for (const capture::PortFigures& port : service.taps->figures()) last_ns = std::max(last_ns, port.last_frame_ns);
    service.setup.correlating->correlator().finish(last_ns);
    publish(service);
    end_saving(service);
    save_state(service);
    service.setup.correlating->events().emit_posted();
    report_health(service, {});
    end_saving(service);
}

}  // namespace telltale::app
