// SPDX-License-Identifier: Apache-2.0
// Reports of a running sensor: its figures, and whether it is healthy and ready.
#include <fmt/format.h>

#include "sensor/app/service/service.h"
#include "sensor/app/version.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

prometheus_http::Answer readiness(Service& service) {
    if (!service.shared.running.load(std::memory_order_acquire)) return {false, "not running"};
    std::string wrong;
    for (const capture::PortFigures& port : service.taps->figures()) {
        if (!port.link.up) wrong += fmt::format("tap {}: {} has no link\n", port.tap, port.device);
    }
    if (store_is_full(service.store->figures(), service.store->limits())) {
        wrong += "the store is full: events are created faster than they are delivered\n";
    }
    if (service.outbox != nullptr && !service.outbox->outbox_figures().works) {
        wrong += "the outbox cannot be written: see the log\n";
    }
    return wrong.empty() ? prometheus_http::Answer{true, "ready"} : prometheus_http::Answer{false, wrong};
}

}  // namespace

// Reads only those settings that a reload does not change: the main thread may be reloading.
SensorFigures gather(Service& service) {
    SensorFigures figures;
    figures.version = service.setup.observer.version;
    figures.signatures_version = service.setup.observer.signatures_version;
    figures.signatures_released_s = service.setup.signatures->bundle().released_s;
    figures.started_ns = service.started.wall_ns;
    figures.live = service.pipeline->figures();
    figures.accounts = service.pipeline->accounts(*service.taps);
    for (const capture::TapConfig& tap : service.taps->taps()) figures.taps.push_back(tap.name);
    figures.events = service.setup.correlating->events().counters();
    figures.store = service.store->figures();
    figures.limits = service.store->limits();
    if (service.outbox != nullptr) figures.outbox = service.outbox->outbox_figures();
    figures.fleet = service.fleet->sums();
    if (service.kafka) figures.kafka = service.kafka->figures();
    if (service.file) figures.file = service.file->figures();
    {
        const std::lock_guard lock(service.shared.mutex);
        figures.correlated = service.shared.correlated;
        figures.reload = service.shared.reload;
    }
    const base::ClockReading now = base::read_clocks();
    figures.now_ns = now.wall_ns;
    figures.clock_offset_ns = base::clock_step_ns(service.started, now);
    return figures;
}

prometheus_http::Hooks metrics_hooks(Service& service) {
    prometheus_http::Hooks hooks;
    hooks.collect = [&service] { return metric_families(gather(service)); };
    hooks.healthy = [] { return prometheus_http::Answer{true, "healthy"}; };
    hooks.ready = [&service] { return readiness(service); };
    hooks.reload = [&service] { return service.reload_desk.ask(); };
    return hooks;
}

}  // namespace telltale::app
