// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/model/tap_index.h"

namespace telltale::capture {

inline constexpr std::size_t kMaxWorkers = 64;

// `device` is one of
//   an interface of the kernel, "eth0": DPDK's af_packet driver with a large ring, or in a tap of two ports net_pcap,
//   which tells the kernel's times;
//   a PCI address, "0000:03:00.0": a network card that is bound to a driver for DPDK;
//   a virtual device as DPDK writes it, "net_pcap0,rx_pcap=day.pcap": net_af_packet (one queue pair), net_af_xdp,
//   net_pcap, net_ring, net_memif, net_tap, net_null.
struct PortConfig {
    std::string device;
};

// One point of the network: a mirror port or interface (one port), or a passive tap, which gives each direction a port
// of its own. Both ports of a tap are one segment: their frames meet in one worker and make common flows.
struct TapConfig {
    std::string name;
    std::vector<PortConfig> ports;  // one or two
    bool promiscuous = true;
    bool drop_duplicates = false;     // packets that a mirror port gives twice: counted, and not analysed again
    std::int64_t blind_after_s = 60;  // without a frame for so long a port counts as blind; 0: never
};

struct DpdkConfig {
    bool hugepages = false;                    // else --no-huge; files shared with other processes are not made then
    std::vector<std::string> eal_options;      // passed on as they are, behind ours
    std::uint32_t buffers = 0;                 // a port; 0: what its queues need, and a reserve
    std::uint32_t receive_descriptors = 1024;  // a queue; brought into the range of the device
    std::uint32_t buffer_bytes = 2048;         // of a frame's first piece; longer frames come in several
};

// Which of several this device is.
enum class DeviceKind : std::uint8_t { interface, pci, virtual_device };
DeviceKind kind_of(const std::string& device);

// What can be known without starting anything: names, numbers, kinds of device. The error names the tap or the option.
base::Status check(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps);

}  // namespace telltale::capture
