// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/capture/device.h"
#include "sensor/capture/port_figures.h"

struct rte_mempool;

namespace telltale::capture {

// Reads the ticks of a card's clock. Returns false if the card has no clock.
bool read_device_clock(std::uint16_t port_id, std::uint64_t& ticks);

// How a port is set up. A value; the defaults are those of a single queue.
struct PortSetup {
    std::size_t queues = 1;
    bool symmetric = false;  // spread flows over the queues by a hash that is equal in both directions
    bool promiscuous = true;
    std::uint32_t buffers = 0;  // 0: what the queues need
    std::uint32_t receive_descriptors = 1024;
    std::uint32_t buffer_bytes = 2048;
};

// One port of DPDK: its device, buffers and queues. Owned and started by Taps; tap sources poll the queues. DPDK must
// be running.
class Port {
  public:
    // Creates virtual devices; finds cards. The error names the device and quotes DPDK.
    static base::Result<std::unique_ptr<Port>> open(const PortDevice& device);
    // Stops the port and releases everything.
    ~Port();
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    // Returns whether the driver claims to spread flows over `queues` queues by a key of ours; else the reason.
    [[nodiscard]] base::Status claims_symmetric(std::size_t queues) const;
    // With `symmetric`, reads the key and the queue table back; the error says what differs from the request.
    base::Status start(const PortSetup& setup);
    // Stops the port, so that it can start with another setup.
    void stop();

    [[nodiscard]] std::uint16_t id() const { return id_; }
    [[nodiscard]] const PortDevice& device() const { return device_; }
    [[nodiscard]] std::uint16_t table_size() const { return table_size_; }  // of the queue table; 0: unknown
    [[nodiscard]] TimeSource time_source() const { return time_source_; }
    // Reads the figures of the driver, the link and the kernel since start(), and leaves the others unchanged.
    void read_figures(PortFigures& figures, bool with_extended) const;
    // Returns how much of DPDK's memory the buffers of a setup take.
    static std::uint64_t memory_bytes(const PortSetup& setup);

  private:
    explicit Port(PortDevice device) : device_(std::move(device)) {}
    [[nodiscard]] base::Error failed(const std::string& what, int error) const;
    base::Status make_pool(const PortSetup& setup);
    base::Status set_up_queues(const PortSetup& setup);
    base::Status check_symmetric(std::size_t queues);
    base::Status make_promiscuous();

    PortDevice device_;
    std::uint16_t id_ = 0;
    bool opened_ = false;
    bool started_ = false;
    bool made_promiscuous_ = false;
    std::uint16_t table_size_ = 0;
    std::string driver_;
    TimeSource time_source_ = TimeSource::wall_clock;
    rte_mempool* pool_ = nullptr;
    InterfaceCounters kernel_at_start_;
};

}  // namespace telltale::capture
