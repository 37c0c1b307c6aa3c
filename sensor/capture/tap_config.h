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
//    an interface of the kernel, "eth0": DPDK's af_packet driver with a large ring, or net_pcap, which passes the
//    kernel's times on, if the tap has two ports;
//    a PCI address, "0000:03:00.0": a network card bound to a driver for DPDK;
//    a virtual device in DPDK's notation, "net_pcap0,rx_pcap=day.pcap": net_af_packet (one queue pair), net_af_xdp,
//    net_pcap, net_ring, net_memif, net_tap, net_null.
struct PortConfig {
    std::string device;
};

// One point of the network: a mirror port or interface (one port), or a passive tap with one port per direction. Both
// ports of a tap belong to one segment: both directions of a flow reach one worker.
struct TapConfig {
    std::string name;
    std::vector<PortConfig> ports;  // one or two
    bool promiscuous = true;
    bool drop_duplicates = false;     // second copies from a mirror port are counted, not analysed
    std::int64_t blind_after_s = 60;  // a port without frames for this long is blind; 0: never
};

// The site's settings of DPDK, the same for all ports.
struct DpdkConfig {
    bool hugepages = false;                    // else --no-huge; no files shared with other processes
    std::vector<std::string> eal_options;      // passed on unchanged, after ours
    std::uint32_t buffers = 0;                 // per port; 0: what its queues need, plus a reserve
    std::uint32_t receive_descriptors = 1024;  // per queue; adjusted to the range of the device
    std::uint32_t buffer_bytes = 2048;         // per segment; longer frames have several segments
};

// The kind of a device.
enum class DeviceKind : std::uint8_t { interface, pci, virtual_device };
DeviceKind kind_of(const std::string& device);

// Checks what needs no start of DPDK: names, numbers, kinds of device. The error names the tap or the option.
base::Status check(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps);

}  // namespace telltale::capture
