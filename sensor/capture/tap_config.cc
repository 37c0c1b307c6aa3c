// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/tap_config.h"

#include <set>

#include "sensor/capture/device.h"

namespace telltale::capture {
namespace {

constexpr std::uint32_t kFewestBufferBytes = 1024;
constexpr std::uint32_t kMostBufferBytes = 16'384;
constexpr std::uint32_t kMostDescriptors = 32'768;
constexpr std::uint32_t kMostBuffers = 16'000'000;

base::Status check_numbers(const DpdkConfig& dpdk) {
    const auto range = [](const char* option, std::uint32_t given, std::uint32_t from,
                          std::uint32_t to) -> base::Status {
        if (given >= from && given <= to) return base::Done{};
        return base::Error{std::string(option) + ": " + std::to_string(given) + " is outside " + std::to_string(from) +
                           " to " + std::to_string(to)};
    };
    if (auto ok = range("dpdk.receive_descriptors", dpdk.receive_descriptors, 32, kMostDescriptors); !ok) return ok;
    if (auto ok = range("dpdk.buffer_bytes", dpdk.buffer_bytes, kFewestBufferBytes, kMostBufferBytes); !ok) return ok;
    if (dpdk.buffers != 0) return range("dpdk.buffers", dpdk.buffers, 128, kMostBuffers);
    return base::Done{};
}

}  // namespace

base::Status check(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps) {
    if (base::Status numbers = check_numbers(dpdk); !numbers) return numbers;
    if (taps.empty()) return base::Error{"taps: at least one tap with a port is required"};
    if (taps.size() > model::kMaxTaps) return base::Error{"taps: more than " + std::to_string(model::kMaxTaps)};
    std::set<std::string> names;
    std::set<std::string> devices;
    std::size_t number = 0;
    std::size_t files = 0;
    for (const TapConfig& tap : taps) {
        if (tap.name.empty()) return base::Error{"taps: a tap has no name"};
        if (!names.insert(tap.name).second) return base::Error{"taps: two taps are named " + tap.name};
        if (tap.ports.empty() || tap.ports.size() > 2) {
            return base::Error{"tap " + tap.name + ": has " + std::to_string(tap.ports.size()) +
                               " ports; a tap has one port, or two (one per direction)"};
        }
        if (tap.blind_after_s < 0) return base::Error{"tap " + tap.name + ": blind_after is negative"};
        for (const PortConfig& port : tap.ports) {
            const auto device = parse_device(port.device, number++, tap.ports.size() == 2);
            if (!device) return base::Error{"tap " + tap.name + ": " + device.error().text};
            files += device->plays_file ? 1U : 0U;
            if (!devices.insert(device->kind == DeviceKind::interface ? device->given : device->name).second) {
                return base::Error{"tap " + tap.name + ": the device " + port.device + " is used twice"};
            }
        }
    }
    if (files != 0 && files != number) {
        return base::Error{"taps: capture files (net_pcap, rx_pcap=) and live ports cannot be mixed"};
    }
    return base::Done{};
}

}  // namespace telltale::capture
