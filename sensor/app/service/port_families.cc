// SPDX-License-Identifier: Apache-2.0
// Metrics of ports and workers beside their counters.
#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"

namespace telltale::app {
namespace {

using pipeline::PortAccount;
using prometheus_http::Family;

// Adds a value per port to a family.
template <typename Get>
void by_port(const SensorFigures& figures, FamilyBuilder& family, Get get) {
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        family.value(get(figures.accounts[port]), {{"port", port_label(figures, port)}});
    }
}

}  // namespace

std::string port_label(const SensorFigures& figures, std::size_t port) {
    const std::string& tap = figures.accounts[port].port.tap;
    std::size_t place = 0;
    for (std::size_t other = 0; other < port; ++other) {
        if (figures.accounts[other].port.tap == tap) ++place;
    }
    return tap + ":" + std::to_string(place);
}

void add_port_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    family.gauge("packets_in_flight", "Frames that reached the sensor and are neither analysed nor dropped yet.");
    by_port(figures, family, [](const PortAccount& a) { return a.in_flight; });
    family.gauge("port_info", "Device and driver of a port; always 1.");
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        const capture::PortFigures& is = figures.accounts[port].port;
        family.value(1, {{"port", port_label(figures, port)}, {"device", is.device}, {"driver", is.driver}});
    }
    family.gauge("port_up", "Whether the port has a link.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.link.up ? 1 : 0; });
    family.gauge("port_blind", "Whether no frame arrived for longer than the tap's blind_after.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.blind ? 1 : 0; });
    family.gauge("port_one_sided", "Whether the port is blind while the tap's other port is not.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.one_sided ? 1 : 0; });
    family.gauge("port_silent_seconds", "Time since the last frame of the port.");
    by_port(figures, family, [](const PortAccount& a) { return static_cast<double>(a.port.silent_ns) / 1e9; });
    family.gauge("port_losses_known", "Whether the driver counts its losses; if not, see telltale_interface_*.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.losses_known ? 1 : 0; });
}

void add_worker_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    family.counter("dispatcher_heartbeats", "Iterations of the dispatcher's loop; 0: there is no dispatcher.");
    family.value(figures.live.dispatcher_heartbeat);
    family.gauge("worker_busy_ratio", "Share of time in which a worker had frames to analyse.");
    for (std::size_t worker = 0; worker < figures.live.workers.size(); ++worker) {
        family.value(figures.live.workers[worker].busy_ratio, {{"worker", std::to_string(worker)}});
    }
}

}  // namespace telltale::app
