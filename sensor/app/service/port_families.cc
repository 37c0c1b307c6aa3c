// SPDX-License-Identifier: Apache-2.0
// Metrics of ports, taps and workers.
#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"

namespace telltale::app {
namespace {

using pipeline::PortAccount;
using pipeline::WorkerFigures;
using prometheus_http::Family;

// One family with a value a port.
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
    {"port_bytes", "Bytes of these frames as on the wire.", [](const PortAccount& a) { return a.port.received_bytes; }},
    {"port_missed", "Frames that the driver lost for want of room in its queue, beside those that reached the sensor.",
     [](const PortAccount& a) { return a.port.missed; }},
    {"port_errors", "Frames that the driver refused.", [](const PortAccount& a) { return a.port.errors; }},
    {"port_nombuf", "Frames that the driver lost for want of buffers.",
     [](const PortAccount& a) { return a.port.no_buffer; }},
    {"port_cut_packets", "Frames of which only the beginning reached the sensor.",
     [](const PortAccount& a) { return a.port.cut_frames; }},
    {"packets_analysed", "Frames that were analysed.", [](const PortAccount& a) { return a.counts.analysed; }},
    {"packets_duplicate", "Frames that a mirror port gave twice, dropped or not.",
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
    family.counter("interface_received_packets", "Packets that the kernel's interface received, by its own count.");
    by_interface([](const InterfaceCounters& kernel) { return kernel.received_packets; });
    family.counter("interface_sent_packets", "Packets that the kernel's interface sent, by its own count.");
    by_interface([](const InterfaceCounters& kernel) { return kernel.sent_packets; });
    family.counter("interface_dropped_packets", "Received packets that the kernel dropped, by its own count.");
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
    family.gauge("packets_in_flight", "Frames that reached the sensor and are in no other figure yet.");
    by_port(figures, family, [](const PortAccount& a) { return a.in_flight; });
    family.gauge("port_info", "What a port is.");
    for (std::size_t port = 0; port < figures.accounts.size(); ++port) {
        const capture::PortFigures& is = figures.accounts[port].port;
        family.value(1, {{"port", port_label(figures, port)}, {"device", is.device}, {"driver", is.driver}});
    }
    family.gauge("port_up", "Whether the port has a link.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.link.up ? 1 : 0; });
    family.gauge("port_blind", "Whether no frame has come for longer than the tap's blind_after.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.blind ? 1 : 0; });
    family.gauge("port_one_sided", "Whether the port is blind while the tap's other port is not.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.one_sided ? 1 : 0; });
    family.gauge("port_silent_seconds", "Time since the last frame.");
    by_port(figures, family, [](const PortAccount& a) { return static_cast<double>(a.port.silent_ns) / 1e9; });
    family.gauge("port_losses_known", "Whether the driver counts what it loses; else see telltale_interface_*.");
    by_port(figures, family, [](const PortAccount& a) { return a.port.losses_known ? 1 : 0; });
    add_interface_families(figures, family);
    family.counter("tap_flows", "TCP flows that have ended, by whether packets of both sides were seen.");
    for (std::size_t tap = 0; tap < figures.taps.size(); ++tap) {
        const pipeline::TapFlows& flows = figures.live.taps[model::TapIndex(tap)];
        family.value(flows.both_sides, {{"tap", figures.taps[tap]}, {"sides", "both"}});
        family.value(flows.one_side, {{"tap", figures.taps[tap]}, {"sides", "one"}});
    }
}

void add_worker_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    const auto all = [&](auto get) { by_worker(figures, family, get); };
    family.counter("worker_packets", "Frames that a worker analysed.");
    all([](const WorkerFigures& w) { return w.frames; });
    family.counter("worker_heartbeats", "Turns of a worker's loop.");
    all([](const WorkerFigures& w) { return w.heartbeat; });
    family.gauge("worker_busy_ratio", "Share of the time in which a worker had frames to work on.");
    all([](const WorkerFigures& w) { return w.busy_ratio; });
    family.gauge("flows_active", "Flows that a worker knows.");
    all([](const WorkerFigures& w) { return w.flows_active; });
    family.gauge("flows_limit", "Flows that a worker can know.");
    all([](const WorkerFigures& w) { return w.flows_limit; });
    family.counter("records_published", "Records that a worker made for correlation.");
    all([](const WorkerFigures& w) { return w.records_published; });
    family.counter("records_consumed", "Records that correlation has taken.");
    all([](const WorkerFigures& w) { return w.records_consumed; });
    family.counter("records_dropped", "Observations that found no room; never a flow's bytes.");
    all([](const WorkerFigures& w) { return w.records_dropped; });
    family.gauge("records_waiting", "Records between the two.");
    all([](const WorkerFigures& w) { return w.records_waiting; });
    family.gauge("ring_used_bytes", "Bytes of records that wait for correlation.");
    all([](const WorkerFigures& w) { return w.ring_used_bytes; });
    family.gauge("ring_limit_bytes", "Bytes of records that can wait.");
    all([](const WorkerFigures& w) { return w.ring_bytes; });
    family.counter("ring_full", "Times that the ring took nothing and records had to wait.");
    all([](const WorkerFigures& w) { return w.ring_full; });
    family.gauge("worker_queue_batches", "Batches of frames that wait for a worker behind the dispatcher.");
    all([](const WorkerFigures& w) { return w.queue_used; });
    family.gauge("worker_queue_limit_batches", "Batches of frames that can wait; 0: there is no dispatcher.");
    all([](const WorkerFigures& w) { return w.queue_limit; });
}

}  // namespace telltale::app
