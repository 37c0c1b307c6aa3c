// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/enumeration.h"
#include "sensor/base/result.h"
#include "sensor/capture/packet_filter.h"
#include "sensor/model/addresses.h"
#include "sensor/model/frame.h"

namespace telltale::pipeline {

// Traffic that must not be looked at. A frame is dropped if it has one of the VLAN ids, MAC addresses (either side) or
// IP addresses (either side; ARP: sender and target), or does not match the capture filter.
struct TrafficFilterConfig {
    std::vector<model::IpPrefix> networks;
    std::vector<std::uint16_t> vlans;  // 1 to 4094, outer or inner
    std::vector<model::MacAddress> macs;
    std::string capture_filter;  // in tcpdump's syntax; empty: everything. Sees the frame with its VLAN tags

    [[nodiscard]] bool empty() const {
        return networks.empty() && vlans.empty() && macs.empty() && capture_filter.empty();
    }
};

// Returns an error if the configuration is invalid: it names the VLAN id, or has libpcap's message on the filter.
base::Status check(const TrafficFilterConfig& config);

// X(enumerator, word, help)
#define TELLTALE_PORT_DROPS(X)                                                              \
    X(unreadable, "unreadable", "Came in pieces that could not be joined")                  \
    X(ignored_network, "ignored_network", "Has an address of an ignored network")           \
    X(ignored_vlan, "ignored_vlan", "Has an ignored VLAN id")                               \
    X(ignored_mac, "ignored_mac", "Has an ignored MAC address")                             \
    X(capture_filter, "capture_filter", "Does not fit the capture filter")                  \
    X(duplicate, "duplicate", "Given twice by a mirror port, where duplicates are dropped") \
    X(dispatch_full, "dispatch_full", "The queue of its worker was full: the worker was too far behind")

// Why a frame that a port received was not analysed.
TELLTALE_ENUMERATION(PortDrop, std::uint8_t, TELLTALE_PORT_DROPS)

// Applies a configuration. Made on one thread, then read by any; bounded work per frame, no allocation.
class TrafficFilter {
  public:
    static base::Result<TrafficFilter> create(const TrafficFilterConfig& config);

    [[nodiscard]] bool passes_everything() const { return !reads_headers_ && !filter_; }
    // Returns why the frame must not be looked at; nullopt if it may.
    [[nodiscard]] std::optional<PortDrop> refuses(const model::Frame& frame) const;

  private:
    TrafficFilter() = default;
    [[nodiscard]] bool ignores(const model::MacAddress& mac) const;
    [[nodiscard]] bool ignores(const model::IpAddress& address) const;

    bool reads_headers_ = false;
    std::vector<model::IpPrefix> networks_;
    std::bitset<4096> vlans_;
    std::vector<model::MacAddress> macs_;  // sorted
    std::optional<capture::PacketFilter> filter_;
};

}  // namespace telltale::pipeline
