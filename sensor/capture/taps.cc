// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/taps.h"

#include <algorithm>
#include <mutex>

#include "sensor/base/clock.h"
#include "sensor/capture/device.h"
#include "sensor/capture/eal.h"
#include "sensor/capture/port.h"
#include "sensor/capture/steady_clock.h"
#include "sensor/capture/tap_source.h"

namespace telltale::capture {
namespace {

// Returns whether frames arrive late: libpcap delivers packets by blocks.
bool comes_late(const PortDevice& device) { return device.driver == "net_pcap" && !device.interface.empty(); }

// A port with its index in the configuration.
struct PlacedPort {
    std::unique_ptr<Port> port;
    std::size_t tap = 0;
    PortSetup setup;
};

}  // namespace

struct Taps::State {
    std::vector<TapConfig> taps;
    std::vector<PlacedPort> ports;
    Steering steering = Steering::one_worker;
    std::string reason;
    SteadyClock clock;
    std::int64_t opened_ns = 0;
    std::vector<std::unique_ptr<ReceiveCounters[]>> counters;  // by source, then by port
    std::vector<std::unique_ptr<TapSource>> sources;           // destroyed before the ports
    mutable std::mutex asking;                                 // for queries of the drivers' figures

    base::Status open_ports(const DpdkConfig& dpdk, std::size_t workers);
    base::Status start(std::size_t workers);
    base::Status start_cards(std::size_t workers);
    void make_sources(std::size_t count);
    [[nodiscard]] PortFigures figures_of(std::size_t index, std::int64_t now_ns) const;
};

base::Status Taps::State::open_ports(const DpdkConfig& dpdk, std::size_t workers) {
    EalConfig eal{dpdk.hugepages, {}, dpdk.eal_options, 0};
    std::vector<PortDevice> devices;
    for (std::size_t tap = 0; tap < taps.size(); ++tap) {
        for (const PortConfig& port : taps[tap].ports) {
            auto device = parse_device(port.device, devices.size(), taps[tap].ports.size() == 2);
            if (!device) return device.error();
            if (base::Status there = check_device(*device); !there) return there;
            if (device->kind == DeviceKind::pci) eal.cards.push_back(device->name);
            PortSetup setup{1, false, taps[tap].promiscuous, dpdk.buffers, dpdk.receive_descriptors, dpdk.buffer_bytes};
            if (comes_late(*device) && dpdk.buffers == 0) setup.buffers = 2 * TapSource::kHeldFrames;
            ports.push_back({nullptr, tap, setup});
            PortSetup most = setup;
            most.queues = workers;
            eal.memory_bytes += Port::memory_bytes(most);
            devices.push_back(std::move(*device));
        }
    }
    if (dpdk.hugepages) {
        if (base::Status there = check_hugepages(); !there) return there;
    }
    if (base::Status started = start_eal(eal); !started) return started;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        auto port = Port::open(devices[i]);
        if (!port) return port.error();
        ports[i].port = std::move(*port);
    }
    return base::Done{};
}

// Returns success if the cards spread flows themselves; else the error says which card does not.
base::Status Taps::State::start_cards(std::size_t workers) {
    for (const PlacedPort& at : ports) {
        if (base::Status claims = at.port->claims_symmetric(workers); !claims) return claims;
    }
    for (PlacedPort& at : ports) {
        at.setup.queues = workers;
        at.setup.symmetric = true;
        if (base::Status started = at.port->start(at.setup); !started) return started;
    }
    for (const PlacedPort& left : ports) {
        for (const PlacedPort& right : ports) {
            if (left.tap == right.tap && left.port->table_size() != right.port->table_size()) {
                return base::Error{"the two cards of tap " + taps[left.tap].name + " have tables of different sizes"};
            }
        }
    }
    return base::Done{};
}

base::Status Taps::State::start(std::size_t workers) {
    if (workers > 1) {
        const base::Status cards = start_cards(workers);
        if (cards) {
            steering = Steering::cards;
            reason = "every card spreads flows over " + std::to_string(workers) + " queues by a symmetric hash";
            make_sources(workers);
            return base::Done{};
        }
        steering = Steering::dispatcher;
        reason = cards.error().text;
    } else {
        reason = "one worker polls every port";
    }
    for (PlacedPort& at : ports) {
        at.port->stop();
        at.setup.queues = 1;
        at.setup.symmetric = false;
        if (base::Status started = at.port->start(at.setup); !started) return started;
    }
    make_sources(1);
    return base::Done{};
}

void Taps::State::make_sources(std::size_t count) {
    for (std::size_t source = 0; source < count; ++source) {
        counters.push_back(std::make_unique<ReceiveCounters[]>(ports.size()));
        std::vector<TapQueue> queues;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const Port& port = *ports[i].port;
            TapQueue queue;
            queue.port_id = port.id();
            queue.index = model::PortIndex(i);
            queue.tap = model::TapIndex(ports[i].tap);
            queue.time_source = port.time_source();
            queue.plays_file = port.device().plays_file;
            queue.cuts_frames = port.device().cuts_frames;
            queue.comes_late = comes_late(port.device());
            queue.counters = &counters.back()[i];
            queues.push_back(queue);
        }
        sources.push_back(std::make_unique<TapSource>(queues, static_cast<std::uint16_t>(source), clock));
    }
    opened_ns = clock.now_ns();
}

PortFigures Taps::State::figures_of(std::size_t index, std::int64_t now_ns) const {
    PortFigures figures;
    figures.tap = taps[ports[index].tap].name;
    figures.index = model::PortIndex(index);
    figures.opened_ns = opened_ns;
    std::int64_t heard_ns = opened_ns;
    for (const auto& of_source : counters) {
        const ReceiveCounters& counted = of_source[index];
        // In this order, so that no frame is unreadable before it is received.
        figures.unreadable += counted.unreadable.load(std::memory_order_acquire);
        figures.received += counted.frames.load(std::memory_order_acquire);
        figures.received_bytes += counted.bytes.load(std::memory_order_acquire);
        figures.cut_frames += counted.cut_frames.load(std::memory_order_acquire);
        const std::int64_t first_ns = counted.first_ns.load(std::memory_order_acquire);
        if (first_ns != 0 && (figures.first_frame_ns == 0 || first_ns < figures.first_frame_ns)) {
            figures.first_frame_ns = first_ns;
        }
        figures.last_frame_ns = std::max(figures.last_frame_ns, counted.last_ns.load(std::memory_order_acquire));
        heard_ns = std::max(heard_ns, counted.heard_ns.load(std::memory_order_acquire));
    }
    figures.silent_ns = std::max<std::int64_t>(now_ns - heard_ns, 0);
    const std::int64_t limit_s = taps[ports[index].tap].blind_after_s;
    figures.blind = limit_s != 0 && figures.silent_ns > limit_s * base::kSecondNs;
    return figures;
}

Taps::Taps(std::unique_ptr<State> state) : state_(std::move(state)) {}
Taps::~Taps() = default;

base::Result<std::unique_ptr<Taps>> Taps::open(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps,
                                               std::size_t workers) {
    if (base::Status sound = check(dpdk, taps); !sound) return sound.error();
    if (workers == 0 || workers > kMaxWorkers) {
        return base::Error{"workers: " + std::to_string(workers) + " is outside 1 to " + std::to_string(kMaxWorkers)};
    }
    auto state = std::make_unique<State>();
    state->taps = taps;
    if (base::Status opened = state->open_ports(dpdk, workers); !opened) return opened.error();
    if (base::Status started = state->start(workers); !started) return started.error();
    return std::unique_ptr<Taps>(new Taps(std::move(state)));
}

Steering Taps::steering() const { return state_->steering; }
const std::string& Taps::steering_reason() const { return state_->reason; }
std::size_t Taps::source_count() const { return state_->sources.size(); }
FrameSource& Taps::source(std::size_t index) { return *state_->sources[index]; }
const std::vector<TapConfig>& Taps::taps() const { return state_->taps; }

bool Taps::can_wait() const {
    return std::all_of(state_->ports.begin(), state_->ports.end(),
                       [](const PlacedPort& at) { return at.port->device().plays_file; });
}

std::vector<PortFigures> Taps::figures(bool with_extended) const {
    const std::lock_guard<std::mutex> one_at_a_time(state_->asking);
    const std::int64_t now_ns = state_->clock.now_ns();
    std::vector<PortFigures> all;
    for (std::size_t i = 0; i < state_->ports.size(); ++i) {
        all.push_back(state_->figures_of(i, now_ns));
        state_->ports[i].port->read_figures(all.back(), with_extended);
    }
    for (PortFigures& figures : all) {
        for (const PortFigures& other : all) {
            if (other.tap == figures.tap && other.index != figures.index && !other.blind) {
                figures.one_sided = figures.blind;
            }
        }
    }
    return all;
}

}  // namespace telltale::capture
