// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/traffic_filter.h"

#include <algorithm>
#include <array>

#include "sensor/decode/decode.h"

namespace telltale::pipeline {
namespace {

constexpr std::uint16_t kLastVlan = 4094;

}  // namespace

base::Status check(const TrafficFilterConfig& config) {
    const auto made = TrafficFilter::create(config);
    if (!made) return made.error();
    return base::Done{};
}

base::Result<TrafficFilter> TrafficFilter::create(const TrafficFilterConfig& config) {
    TrafficFilter filter;
    for (std::uint16_t vlan : config.vlans) {
        if (vlan == 0 || vlan > kLastVlan) {
            return base::Error{"the VLAN to be ignored, " + std::to_string(vlan) + ", is outside 1 to " +
                               std::to_string(kLastVlan)};
        }
        filter.vlans_.set(vlan);
    }
    filter.networks_ = config.networks;
    filter.macs_ = config.macs;
    std::sort(filter.macs_.begin(), filter.macs_.end());
    filter.reads_headers_ = !config.networks.empty() || !config.vlans.empty() || !config.macs.empty();
    if (!config.capture_filter.empty()) {
        auto compiled = capture::PacketFilter::compile(config.capture_filter);
        if (!compiled) return compiled.error();
        filter.filter_ = std::move(*compiled);
    }
    return filter;
}

bool TrafficFilter::ignores(const model::MacAddress& mac) const {
    return std::binary_search(macs_.begin(), macs_.end(), mac);
}

bool TrafficFilter::ignores(const model::IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const model::IpPrefix& network) { return network.contains(address); });
}

std::optional<PortDrop> TrafficFilter::refuses(const model::Frame& frame) const {
    if (reads_headers_) {
        model::PacketView packet;
        decode::DecodeCounters uncounted;
        decode::decode(frame, packet, uncounted);
        for (std::size_t i = 0; i < packet.vlan_count; ++i) {
            if (vlans_[packet.vlan[i] & 0xfffU]) return PortDrop::ignored_vlan;
        }
        if (!macs_.empty() && (ignores(packet.source_mac) || ignores(packet.destination_mac))) {
            return PortDrop::ignored_mac;
        }
        // Inside tunnels and outside.
        const unsigned tunnels = packet.tunnels;
        for (unsigned look = 0; look <= tunnels; ++look) {
            if (look != 0) decode::decode(frame, packet, uncounted, look - 1);
            if (packet.network != model::Network::none && (ignores(packet.source) || ignores(packet.destination))) {
                return PortDrop::ignored_network;
            }
        }
    }
    if (filter_ && !filter_->fits(frame)) return PortDrop::capture_filter;
    return std::nullopt;
}

}  // namespace telltale::pipeline
