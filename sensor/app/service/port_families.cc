// SPDX-License-Identifier: Apache-2.0
// Metrics of ports, taps and workers.
#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"

namespace telltale::app {
namespace {

using pipeline::PortAccount;
using pipeline::WorkerFigures;
using prometheus_http::Family;

// Adds a value per port to a family.
template <typename Get>
void by_port(const SensorFigures& figures, FamilyBuilder& family, Get get) {
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        family.value(get(figures.accounts[port]), {{"port", port_label(figures, port)}});
    }
}

template <typename Get>
void by_worker(const SensorFigures& figures, FamilyBuilder& family, Get get) {
    for (std::size_t worker = 0; worker < figures.live.workers.size(); ++worker) {
        family.value(get(figures.live.workers[worker]), {{"worker", std::to_string(worker)}});
    }
}

struct PortCounter {
    std::string_view name;
    std::string_view help;
    std::uint64_t (*get)(const PortAccount&);
};

constexpr PortCounter kPortCounters[] = {
    {"port_packets", "Frames that reached the sensor.", [](const PortAccount& a) { return a.port.received_frames; }},
    {"port_bytes", "Bytes of these frames on the wire.", [](const PortAccount& a) { return a.port.received_bytes; }},
    {"port_missed", "Frames dropped by the driver because its queue was full (not in port_packets).",
     [](const PortAccount& a) { return a.port.missed; }},
    {"port_errors", "Frames that the driver rejected.", [](const PortAccount& a) { return a.port.errors; }},
    {"port_nombuf", "Frames dropped by the driver because it had no buffers.",
     [](const PortAccount& a) { return a.port.no_buffer; }},
    {"port_cut_packets", "Frames that reached the sensor truncated.",
     [](const PortAccount& a) { return a.port.cut_frames; }},
    {"packets_analysed", "Frames that were analysed.", [](const PortAccount& a) { return a.counts.analysed; }},
    {"packets_duplicate", "Copies of frames that a mirror port sent twice, dropped or not.",
     [](const PortAccount& a) { return a.counts.duplicates; }},
};

void add_interface_families(const SensorFigures& figures, FamilyBuilder& family) {
    const auto by_interface = [&](auto get) {
        for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
            const capture::PortFigures& is = figures.accounts[port].port;
            if (is.has_interface) family.value(get(is.kernel), {{"port", port_label(figures, port)}});
        }
    };
    using capture::InterfaceCounters;
    family.counter("interface_received_packets", "Packets received, as counted by the kernel's interface.");
    by_interface([](const InterfaceCounters& kernel) { return kernel.received_packets; });
    family.counter("interface_sent_packets", "Packets sent, as counted by the kernel's interface.");
    by_interface([](const InterfaceCounters& kernel) { return kernel.sent_packets; });
    family.counter("interface_dropped_packets", "Received packets dropped, as counted by the kernel's interface.");
    by_interface([](const InterfaceCounters& kernel) { return kernel.receive_dropped; });
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
    for (const PortCounter& counter : kPortCounters) {
        family.counter(counter.name, counter.help);
        by_port(figures, family, counter.get);
    }
    family.counter("packets_dropped", "Frames that reached the sensor and were not analysed, by reason.");
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        for (std::size_t reason = 0; reason < pipeline::kPortDropCount; ++reason) {
            family.value(figures.accounts[port].counts.dropped[reason],
                         {{"port", port_label(figures, port)},
                          {"reason", std::string(to_string(static_cast<pipeline::PortDrop>(reason)))}});
        }
    }
    family.gauge("packets_in_flight", "Frames that reached the sensor and are neither analysed nor dropped yet.");
    by_port(figures, family, [](const PortAccount& a) { return a.in_flight; });
    family.gauge("port_info", "Device and driver of a port.");
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
    family.gauge("port_silent_seconds", "Time since the last frame.");
    by_port(figures, family, [](const PortAccount& a) { return static_cast<double>(a.port.silent_ns) / 1e9; });
    family.gauge("port_losses_known", "Whether the driver counts its losses; if not, see telltale_interface_*.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.losses_known ? 1 : 0; });
    add_interface_families(figures, family);
    family.counter("tap_flows", "TCP flows that ended, by whether packets of both sides were seen.");
    for (std::size_t tap = 0; tap < figures.taps.size(); ++tap) {
        const pipeline::TapFlows& flows = figures.live.taps[model::TapIndex(tap)];
        family.value(flows.both_sides, {{"tap", figures.taps[tap]}, {"sides", "both"}});
        family.value(flows.one_side, {{"tap", figures.taps[tap]}, {"sides", "one"}});
    }
}

void add_worker_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    const auto all = [&](auto get) { by_worker(figures, family, get); };
    family.counter("worker_packets", "Frames analysed, per worker.");
    all([](const WorkerFigures& w) { return w.frames; });
    family.counter("worker_heartbeats", "Iterations of a worker's loop.");
    all([](const WorkerFigures& w) { return w.heartbeat; });
    family.gauge("worker_busy_ratio", "Share of time in which a worker had frames to analyse.");
    all([](const WorkerFigures& w) { return w.busy_ratio; });
    family.gauge("flows_active", "Flows in a worker's table.");
    all([](const WorkerFigures& w) { return w.flows_active; });
    family.gauge("flows_limit", "Capacity of a worker's flow table.");
    all([](const WorkerFigures& w) { return w.flows_limit; });
    family.counter("records_published", "Records that a worker made for correlation.");
    all([](const WorkerFigures& w) { return w.records_published; });
    family.counter("records_consumed", "Records that correlation consumed.");
    all([](const WorkerFigures& w) { return w.records_consumed; });
    family.counter("records_dropped", "Observations dropped because the ring was full; never a flow's bytes.");
    all([](const WorkerFigures& w) { return w.records_dropped; });
    family.gauge("records_waiting", "Records published and not consumed yet.");
    all([](const WorkerFigures& w) { return w.records_waiting; });
    family.gauge("ring_used_bytes", "Bytes of records that wait for correlation.");
    all([](const WorkerFigures& w) { return w.ring_used_bytes; });
    family.gauge("ring_limit_bytes", "Capacity of the ring in bytes.");
    all([](const WorkerFigures& w) { return w.ring_bytes; });
    family.counter("ring_full", "Times that the ring was full and records had to wait.");
    all([](const WorkerFigures& w) { return w.ring_full; });
    family.gauge("worker_queue_batches", "Batches of frames in the dispatcher's queue to a worker.");
    all([](const WorkerFigures& w) { return w.queue_used; });
    family.gauge("worker_queue_limit_batches", "Capacity of that queue in batches; 0: there is no dispatcher.");
    all([](const WorkerFigures& w) { return w.queue_limit; });
}

}  // namespace telltale::app
