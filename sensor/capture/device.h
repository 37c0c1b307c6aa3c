// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "sensor/base/result.h"
#include "sensor/capture/interface.h"
#include "sensor/capture/tap_config.h"

namespace telltale::capture {

// The parts of a configured device.
struct PortDevice {
    std::string given;  // as configured
    DeviceKind kind = DeviceKind::interface;
    std::string name;          // of the port in DPDK: "net_af_packet0", "0000:03:00.0"
    std::string driver;        // of a virtual device: "net_pcap"
    std::string arguments;     // of a virtual device, for DPDK: "rx_pcap=day.pcap"
    std::string interface;     // the kernel's interface below it; empty: none
    bool plays_file = false;   // net_pcap from a file, once: it has packet times and can wait
    bool losses_known = true;  // the driver counts its losses
    bool cuts_frames = false;  // frames are cut to kRingFrameRoom, and their length is unknown
};

// Memory of the af_packet driver: a receive ring and a transmit ring. A large ring, because drops of a full one are not
// reported.
inline constexpr std::uint64_t kBlockBytes = 1'048'576;
inline constexpr std::uint64_t kRingFrameBytes = 2048;
inline constexpr std::uint64_t kRingFrames = 65'536;
inline constexpr std::uint64_t kMappedBytes = 2 * kRingFrameBytes * kRingFrames;
// The bytes of a frame that fit into a frame of the ring, after the kernel's header (packet(7), TPACKET_V2).
inline constexpr std::uint32_t kRingFrameRoom = static_cast<std::uint32_t>(kRingFrameBytes) - 66;

// Parses a configured device. `number` makes the names of devices on interfaces unique. Errors name the device and what
// is wrong with it. `one_of_two`: its tap has another port. Then interfaces are opened by net_pcap, because merging two
// ports needs the kernel's times, which af_packet does not pass on.
base::Result<PortDevice> parse_device(const std::string& given, std::size_t number, bool one_of_two = false);

// Checks that the device exists and this process may use it: interface up, rights, locked memory, file present, card
// bound to a driver for DPDK. The error contains the command that fixes it. `sys` is /sys except in tests.
base::Status check_device(const PortDevice& device, const std::filesystem::path& sys = "/sys");
// Checks that hugepages are free, for a configuration that wants them.
base::Status check_hugepages(const std::filesystem::path& sys = "/sys");

}  // namespace telltale::capture
