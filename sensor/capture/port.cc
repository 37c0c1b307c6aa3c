// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/port.h"

#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sensor/capture/captured_standard_error.h"
#include "sensor/capture/eal.h"
#include "sensor/capture/symmetric_hash.h"
#include "sensor/model/frame.h"

namespace telltale::capture {
namespace {

constexpr unsigned kPoolCache = 64;
constexpr std::uint16_t kSendDescriptors = 512;  // nothing is sent, but some drivers need the queue
constexpr std::uint32_t kLongestMtu = 9600;
// Drivers that copy frames need only buffers in flight. Few buffers stay in the processor's cache.
constexpr std::uint32_t kVirtualDescriptors = 512;
// Drivers that lend their buffers to the kernel need them before the first packet.
constexpr std::uint32_t kLentBuffers = 8192;
constexpr std::uint64_t kReserveBytes = std::uint64_t{64} << 20;

std::uint32_t buffers_of(const PortSetup& setup) {
    if (setup.buffers != 0) return setup.buffers;
    const auto queues = static_cast<std::uint32_t>(setup.queues);
    return queues * (setup.receive_descriptors + 3 * static_cast<std::uint32_t>(model::kBatchFrames) + 2 * kPoolCache);
}

bool ignorable(int error, const PortDevice& device) { return error == -ENOTSUP && device.kind != DeviceKind::pci; }

}  // namespace

bool read_device_clock(std::uint16_t port_id, std::uint64_t& ticks) {
// DPDK marks this function as experimental.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return rte_eth_read_clock(port_id, &ticks) == 0;
#pragma GCC diagnostic pop
}

std::uint64_t Port::memory_bytes(const PortSetup& setup) {
    return std::uint64_t{buffers_of(setup)} * (setup.buffer_bytes + 512) + kReserveBytes;
}

base::Error Port::failed(const std::string& what, int error) const {
    return base::Error{device_.given + ": " + what + ": " + std::strerror(error < 0 ? -error : error)};
}

base::Result<std::unique_ptr<Port>> Port::open(const PortDevice& device) {
    std::unique_ptr<Port> port(new Port(device));
    if (device.kind != DeviceKind::pci) {
        CapturedStandardError captured;
        const int error = rte_eal_hotplug_add("vdev", device.name.c_str(), device.arguments.c_str());
        const std::string said = failure_in(captured.stop());
        if (error != 0) return port->failed("DPDK cannot create a port" + (said.empty() ? "" : ": " + said), error);
        port->opened_ = true;
    }
    if (rte_eth_dev_get_port_by_name(device.name.c_str(), &port->id_) != 0) {
        return base::Error{device.given + ": DPDK has not created a port; for its messages, run: dpdk-testpmd -a " +
                           device.name};
    }
    port->opened_ = true;
    rte_eth_dev_info info{};
    if (const int error = rte_eth_dev_info_get(port->id_, &info); error != 0) {
        return port->failed("the driver does not report its capabilities", error);
    }
    port->driver_ = info.driver_name;
    return port;
}

Port::~Port() {
    stop();
    if (!opened_) return;
    if (device_.kind == DeviceKind::pci) {
        rte_eth_dev_close(id_);
    } else {
        CapturedStandardError captured;
        rte_eal_hotplug_remove("vdev", device_.name.c_str());  // closes the port
    }
    rte_mempool_free(pool_);
}

base::Status Port::claims_symmetric(std::size_t queues) const {
    rte_eth_dev_info info{};
    rte_eth_dev_info_get(id_, &info);
    if (info.max_rx_queues < queues) {
        return base::Error{device_.given + ": has " + std::to_string(info.max_rx_queues) + " receive queues"};
    }
    if ((info.flow_type_rss_offloads & RTE_ETH_RSS_IP) == 0 || info.hash_key_size == 0 || info.reta_size == 0) {
        return base::Error{device_.given + ": " + driver_ + " does not support RSS with a given key"};
    }
    return base::Done{};
}

base::Status Port::start(const PortSetup& setup) {
    if (base::Status made = make_pool(setup); !made) return made;
    if (base::Status queues = set_up_queues(setup); !queues) return queues;
    CapturedStandardError captured;  // drivers also report harmless problems
    const int started = rte_eth_dev_start(id_);
    const std::string said = failure_in(captured.stop());
    if (started != 0) return failed("cannot start the port" + (said.empty() ? "" : ": " + said), started);
    started_ = true;
    if (setup.symmetric) {
        if (base::Status checked = check_symmetric(setup.queues); !checked) return checked;
    }
    if (setup.promiscuous) {
        if (base::Status done = make_promiscuous(); !done) return done;
    }
    if (!device_.interface.empty()) kernel_at_start_ = read_interface_counters(device_.interface);
    return base::Done{};
}

void Port::stop() {
    if (!started_) return;
    if (made_promiscuous_) rte_eth_promiscuous_disable(id_);
    made_promiscuous_ = false;
    rte_eth_dev_stop(id_);
    started_ = false;
}

base::Status Port::make_pool(const PortSetup& setup) {
    if (pool_ != nullptr) return base::Done{};
    static int made = 0;
    const std::string name = "frames" + std::to_string(made++);
    const auto room = static_cast<std::uint16_t>(setup.buffer_bytes + RTE_PKTMBUF_HEADROOM);
    PortSetup needed = setup;
    if (device_.kind != DeviceKind::pci) {
        needed.receive_descriptors = std::min(needed.receive_descriptors, kVirtualDescriptors);
    }
    const bool lends = device_.driver == "net_af_xdp" || device_.driver == "net_tap";
    if (lends && needed.buffers == 0) needed.buffers = kLentBuffers;
    pool_ = rte_pktmbuf_pool_create(name.c_str(), buffers_of(needed), kPoolCache, 0, room, SOCKET_ID_ANY);
    if (pool_ != nullptr) return base::Done{};
    return base::Error{device_.given + ": no memory for " + std::to_string(buffers_of(needed)) + " buffers of " +
                       std::to_string(setup.buffer_bytes) +
                       " bytes; lower dpdk.buffers, or reserve more hugepages: sudo sysctl vm.nr_hugepages=1024"};
}

base::Status Port::set_up_queues(const PortSetup& setup) {
    rte_eth_dev_info info{};
    if (const int error = rte_eth_dev_info_get(id_, &info); error != 0) return failed("cannot query the device", error);
    rte_eth_conf config{};
    std::array<std::uint8_t, kMostKeyBytes> key = symmetric_key();
    if (setup.symmetric) {
        config.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        config.rx_adv_conf.rss_conf.rss_key = key.data();
        config.rx_adv_conf.rss_conf.rss_key_len =
            static_cast<std::uint8_t>(std::min(key.size(), std::size_t{info.hash_key_size}));
        config.rx_adv_conf.rss_conf.rss_hf =
            (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP) & info.flow_type_rss_offloads;
    }
    if (device_.kind == DeviceKind::pci) {
        // Accept jumbo frames if the card delivers them in segments.
        const bool scatter = (info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
        if (scatter) config.rxmode.offloads |= RTE_ETH_RX_OFFLOAD_SCATTER;
        if (scatter) config.rxmode.mtu = std::min<std::uint32_t>(info.max_mtu, kLongestMtu);
    }
    std::uint64_t ticks = 0;
    const bool timestamps = (info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_TIMESTAMP) != 0;
    if (timestamps) config.rxmode.offloads |= RTE_ETH_RX_OFFLOAD_TIMESTAMP;
    const auto queues = static_cast<std::uint16_t>(setup.queues);
    if (const int error = rte_eth_dev_configure(id_, queues, 1, &config); error != 0) {
        return failed("the device rejects the configuration", error);
    }
    std::uint16_t receive = static_cast<std::uint16_t>(setup.receive_descriptors);
    std::uint16_t send = kSendDescriptors;
    if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &receive, &send); error != 0) {
        return failed("the device rejects the queue sizes", error);
    }
    const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
    for (std::uint16_t queue = 0; queue < queues; ++queue) {
        CapturedStandardError captured;
        const int error = rte_eth_rx_queue_setup(id_, queue, receive, socket, nullptr, pool_);
        const std::string said = failure_in(captured.stop());
        if (error != 0) return failed("cannot set up a receive queue" + (said.empty() ? "" : ": " + said), error);
    }
    if (const int error = rte_eth_tx_queue_setup(id_, 0, send, socket, nullptr); error != 0) {
        return failed("cannot set up a transmit queue, which the driver requires", error);
    }
    time_source_ = TimeSource::wall_clock;
    if (device_.driver == "net_pcap") time_source_ = TimeSource::packet;
    if (timestamps && read_device_clock(id_, ticks)) time_source_ = TimeSource::device;
    return base::Done{};
}

base::Status Port::check_symmetric(std::size_t queues) {
    rte_eth_dev_info info{};
    rte_eth_dev_info_get(id_, &info);
    std::array<std::uint8_t, kMostKeyBytes> key{};
    rte_eth_rss_conf told{};
    told.rss_key = key.data();
    told.rss_key_len = static_cast<std::uint8_t>(key.size());
    if (const int error = rte_eth_dev_rss_hash_conf_get(id_, &told); error != 0) {
        return failed("cannot read back the RSS key", error);
    }
    if ((told.rss_hf & RTE_ETH_RSS_IP) == 0)
        return base::Error{device_.given + ": the device does not hash IP addresses"};
    if (!std::equal(key.begin(), key.begin() + std::min(key.size(), std::size_t{info.hash_key_size}),
                    symmetric_key().begin())) {
        return base::Error{device_.given + ": the device has not accepted the symmetric RSS key"};
    }
    // Both ports of a tap must lead a flow to the queue with the same number, so we set the table, not the driver.
    table_size_ = info.reta_size;
    std::array<rte_eth_rss_reta_entry64, kMostTableGroups> table{};
    if (std::size_t{table_size_} > table.size() * RTE_ETH_RETA_GROUP_SIZE || table_size_ == 0) {
        return base::Error{device_.given + ": the size of the RSS table is not supported"};
    }
    for (std::size_t i = 0; i < table_size_; ++i) {
        table[i / RTE_ETH_RETA_GROUP_SIZE].mask |= std::uint64_t{1} << (i % RTE_ETH_RETA_GROUP_SIZE);
        table[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE] = static_cast<std::uint16_t>(i % queues);
    }
    if (const int error = rte_eth_dev_rss_reta_update(id_, table.data(), table_size_); error != 0) {
        return failed("the device rejects the RSS table", error);
    }
    for (auto& group : table) std::fill(std::begin(group.reta), std::end(group.reta), std::uint16_t{0xffff});
    if (const int error = rte_eth_dev_rss_reta_query(id_, table.data(), table_size_); error != 0) {
        return failed("cannot read back the RSS table", error);
    }
    for (std::size_t i = 0; i < table_size_; ++i) {
        if (table[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE] != i % queues) {
            return base::Error{device_.given + ": the device has not accepted the RSS table"};
        }
    }
    return base::Done{};
}

base::Status Port::make_promiscuous() {
    // If another program has set it already, it would lose it when we end.
    if (!device_.interface.empty()) {
        const auto state = check_interface(device_.interface, 0);
        if (state && state->promiscuous) return base::Done{};
    }
    const int error = rte_eth_promiscuous_enable(id_);
    made_promiscuous_ = error == 0;
    if (error == 0 || ignorable(error, device_)) return base::Done{};
    return failed("cannot enable promiscuous mode", error);
}

void Port::read_figures(PortFigures& figures, bool with_extended) const {
    figures.device = device_.given;
    figures.driver = driver_;
    figures.losses_known = device_.losses_known;
    figures.wire_length_known = !device_.cuts_frames;
    figures.time_source = time_source_;
    rte_eth_stats driver{};
    if (rte_eth_stats_get(id_, &driver) == 0) {
        figures.driver_received = driver.ipackets;
        figures.driver_bytes = driver.ibytes;
        figures.missed = driver.imissed;
        figures.errors = driver.ierrors;
        figures.nombuf = driver.rx_nombuf;
    }
    rte_eth_link link{};
    if (rte_eth_link_get_nowait(id_, &link) == 0) {
        const bool known = link.link_speed != RTE_ETH_SPEED_NUM_UNKNOWN;
        figures.link = {link.link_status != 0, known ? link.link_speed : 0, link.link_duplex != 0};
    }
    figures.has_interface = !device_.interface.empty();
    if (figures.has_interface) {
        figures.link.up = has_carrier(device_.interface);  // drivers on interfaces always report that it is up
        const InterfaceCounters now = read_interface_counters(device_.interface);
        figures.kernel.received_packets = now.received_packets - kernel_at_start_.received_packets;
        figures.kernel.sent_packets = now.sent_packets - kernel_at_start_.sent_packets;
        figures.kernel.dropped_packets = now.dropped_packets - kernel_at_start_.dropped_packets;
    }
    figures.extended.clear();
    if (!with_extended) return;
    const int count = rte_eth_xstats_get_names(id_, nullptr, 0);
    if (count <= 0) return;
    std::vector<rte_eth_xstat_name> names(static_cast<std::size_t>(count));
    std::vector<rte_eth_xstat> values(names.size());
    if (rte_eth_xstats_get_names(id_, names.data(), static_cast<unsigned>(count)) != count) return;
    if (rte_eth_xstats_get(id_, values.data(), static_cast<unsigned>(count)) != count) return;
    for (const rte_eth_xstat& value : values) {
        if (value.id < names.size()) figures.extended.emplace_back(names[value.id].name, value.value);
    }
}

}  // namespace telltale::capture
