// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "sensor/base/result.h"
#include "sensor/capture/interface.h"
#include "sensor/capture/tap_config.h"

namespace telltale::capture {

// A device as it was configured, taken apart.
struct Device {
    std::string given;  // as configured
    DeviceKind kind = DeviceKind::interface;
    std::string name;          // of the port in DPDK: "net_af_packet0", "0000:03:00.0"
    std::string driver;        // of virtual devices: "net_pcap"
    std::string arguments;     // of virtual devices, for DPDK: "rx_pcap=day.pcap"
    std::string interface;     // of the kernel, that it stands on; empty: none
    bool plays_file = false;   // net_pcap from a file, once: it gives packet times and can wait
    bool losses_known = true;  // the driver counts what it loses
    bool cuts_frames = false;  // frames longer than kRingFrameRoom come without their end and without their length
};

// Memory of the af_packet driver: a receive ring and a transmit ring. A large ring, because drops of a full one are not
// reported.
inline constexpr std::uint64_t kBlockBytes = 1'048'576;
inline constexpr std::uint64_t kRingFrameBytes = 2048;
inline constexpr std::uint64_t kRingFrames = 65'536;
inline constexpr std::uint64_t kMappedBytes = 2 * kRingFrameBytes * kRingFrames;
// What the kernel writes before an Ethernet frame into the ring's frame (packet(7), TPACKET_V2).
inline constexpr std::uint32_t kRingFrameRoom = static_cast<std::uint32_t>(kRingFrameBytes) - 66;

// `number` makes the names of devices on interfaces different. Errors name the device and what is wrong with it.
// `one_of_two`: its tap has another port. Interfaces are then opened by net_pcap, since the kernel's times are needed
// to put the frames of two ports in order, and af_packet does not tell them.
base::Result<Device> parse_device(const std::string& given, std::size_t number, bool one_of_two = false);

// Whether the machine has it and this process may use it: interface up, rights, locked memory, file there, card bound
// to a driver for DPDK. The error has the command that mends it. `sys` is /sys, but in tests.
base::Status check_device(const Device& device, const std::filesystem::path& sys = "/sys");
// Whether hugepages are free, for a configuration that wants them.
base::Status check_hugepages(const std::filesystem::path& sys = "/sys");

}  // namespace telltale::capture
