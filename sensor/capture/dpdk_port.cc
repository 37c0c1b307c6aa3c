// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/dpdk_port.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <cstring>
#include <ctime>

namespace telltale::capture {
namespace {

constexpr const char* kDevice = "net_af_packet0";
// Buffers: those of the driver's queue, twice a batch, and what the pool's cache holds back.
constexpr std::uint16_t kQueueFrames = 512;
constexpr unsigned kPoolCache = 64;
constexpr unsigned kPoolFrames = kQueueFrames + 2 * model::kBatchFrames + 2 * kPoolCache;
// The driver maps a ring for receiving and one for sending.
constexpr std::uint64_t kMappedBytes = 2 * DpdkPort::kRingFrameBytes * DpdkPort::kRingFrames;
// What the kernel writes before an Ethernet frame into the ring's frame (packet(7), TPACKET_V2).
constexpr std::uint32_t kRingFrameRoom = static_cast<std::uint32_t>(DpdkPort::kRingFrameBytes) - 66;

std::int64_t wall_clock_ns() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * base::kSecondNs + now.tv_nsec;
}

std::uint64_t order_at(std::int64_t time_ns) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time_ns, 0)) & ~(model::kOrdersPerFrame - 1);
}

// The driver does not tell the length of a frame that its ring has cut: the IP header does.
std::uint32_t claimed_length(base::Bytes frame) {
    const auto number = [&](std::size_t at) { return static_cast<std::uint32_t>(frame[at]) << 8 | frame[at + 1]; };
    std::size_t at = 12;
    for (int tags = 0; tags < 2 && (number(at) == 0x8100 || number(at) == 0x88a8); ++tags) at += 4;
    const auto header = static_cast<std::uint32_t>(at + 2);
    if (number(at) == 0x0800) return header + number(at + 4);
    if (number(at) == 0x86dd) return header + 40 + number(at + 6);
    return 0;
}

std::string device_arguments(const std::string& interface) {
    return std::string(kDevice) + ",iface=" + interface + ",blocksz=" + std::to_string(DpdkPort::kBlockBytes) +
           ",framesz=" + std::to_string(DpdkPort::kRingFrameBytes) +
           ",framecnt=" + std::to_string(DpdkPort::kRingFrames) + ",qpairs=1";
}

}  // namespace

base::Result<std::unique_ptr<DpdkPort>> DpdkPort::open_interface(const std::string& name) {
    const auto state = check_interface(name, kMappedBytes);
    if (!state) return state.error();
    std::unique_ptr<DpdkPort> port(new DpdkPort(name));
    EalConfig config;
    config.vdevs.push_back(device_arguments(name));
    auto eal = Eal::start(config);
    if (!eal) return eal.error();
    port->eal_ = std::move(*eal);
    if (rte_eth_dev_get_port_by_name(kDevice, &port->port_) != 0) {
        const std::string said = failure_in(port->eal_->log());
        return base::Error{name + ": no port could be made of it: " + (said.empty() ? "DPDK does not say why" : said)};
    }
    port->made_promiscuous_ = !state->promiscuous;
    if (base::Status started = port->start(); !started) return started.error();
    return port;
}

base::Status DpdkPort::start() {
    const auto failed = [this](const char* what, int error) {
        return base::Error{name_ + ": " + what + ": " + std::strerror(error < 0 ? -error : error)};
    };
    pool_ = rte_pktmbuf_pool_create("frames", kPoolFrames, kPoolCache, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    if (pool_ == nullptr) return failed("no memory for frames", rte_errno);
    rte_eth_conf config{};
    if (int error = rte_eth_dev_configure(port_, 1, 1, &config); error != 0) {
        return failed("the port takes no configuration", error);
    }
    const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(port_));
    if (int error = rte_eth_rx_queue_setup(port_, 0, kQueueFrames, socket, nullptr, pool_); error != 0) {
        return failed("no queue to receive", error);
    }
    if (int error = rte_eth_tx_queue_setup(port_, 0, kQueueFrames, socket, nullptr); error != 0) {
        return failed("no queue to send, which the driver wants", error);
    }
    if (int error = rte_eth_dev_start(port_); error != 0) return failed("the port does not start", error);
    started_ = true;
    if (made_promiscuous_) {
        if (int error = rte_eth_promiscuous_enable(port_); error != 0) {
            made_promiscuous_ = false;
            return failed("promiscuous mode is refused", error);
        }
    }
    kernel_at_start_ = read_interface_counters(name_);
    return base::Done{};
}

DpdkPort::~DpdkPort() {
    if (!started_) return;
    if (made_promiscuous_) rte_eth_promiscuous_disable(port_);
    rte_eth_dev_stop(port_);
    rte_eth_dev_close(port_);
    rte_mempool_free(pool_);
}

PollStatus DpdkPort::poll(model::FrameBatch& batch) {
    const std::int64_t now_ns = wall_clock_ns();  // before the look: what is found has arrived by then
    std::array<rte_mbuf*, model::kBatchFrames> burst;
    const std::uint16_t count = rte_eth_rx_burst(port_, 0, burst.data(), model::kBatchFrames);
    for (std::uint16_t i = 0; i < count; ++i) {
        rte_mbuf* buffer = burst[i];
        if (buffer->nb_segs > 1 && rte_pktmbuf_linearize(buffer) != 0) {
            ++counted_.unreadable;
            rte_pktmbuf_free(buffer);
            continue;
        }
        model::Frame frame;
        frame.data = rte_pktmbuf_mtod(buffer, const std::uint8_t*);
        frame.captured_length = frame.wire_length = rte_pktmbuf_data_len(buffer);
        if (frame.captured_length >= kRingFrameRoom) {
            frame.wire_length = std::max(frame.captured_length, claimed_length(frame.bytes()));
            counted_.cut_frames += frame.wire_length > frame.captured_length ? 1U : 0U;
        }
        frame.timestamp_ns = now_ns;
        frame.order = last_order_ = std::max(order_at(now_ns), last_order_ + model::kOrdersPerFrame);
        frame.handle = buffer;
        batch.add(frame);
    }
    if (batch.count == 0) {
        const std::int64_t idle_ns = now_ns - kIdleWindowNs;
        last_order_ = std::max(order_at(idle_ns), last_order_);
        batch.clock_ns = base::floor_to(clock_.observe(idle_ns), base::kSecondNs);
        batch.done_order = last_order_;
        return PollStatus::nothing;
    }
    batch.clock_ns = base::floor_to(clock_.observe(now_ns), base::kSecondNs);
    counted_.frames += batch.count;
    if (counted_.first_ns == 0) counted_.first_ns = now_ns;
    counted_.last_ns = now_ns;
    return PollStatus::frames;
}

void DpdkPort::release(model::FrameBatch& batch) {
    for (std::size_t i = 0; i < batch.count; ++i) rte_pktmbuf_free(static_cast<rte_mbuf*>(batch.frames[i].handle));
    batch.clear();
}

PortStatistics DpdkPort::statistics() const {
    PortStatistics statistics = counted_;
    rte_eth_stats driver{};
    if (rte_eth_stats_get(port_, &driver) == 0) {
        statistics.driver_received = driver.ipackets;
        statistics.driver_missed = driver.imissed;
        statistics.driver_errors = driver.ierrors;
        statistics.driver_no_buffer = driver.rx_nombuf;
    }
    const InterfaceCounters now = read_interface_counters(name_);
    statistics.kernel.received_packets = now.received_packets - kernel_at_start_.received_packets;
    statistics.kernel.sent_packets = now.sent_packets - kernel_at_start_.sent_packets;
    statistics.kernel.receive_dropped = now.receive_dropped - kernel_at_start_.receive_dropped;
    return statistics;
}

}  // namespace telltale::capture
