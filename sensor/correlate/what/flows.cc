// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/flows.h"

namespace telltale::correlate {
namespace {

Attribution reserved_for(Reach reach) {
    switch (reach) {
        case Reach::outside: break;
        case Reach::internal: return reserved_attribution(kInternalIndex);
        case Reach::multicast: return reserved_attribution(kMulticastIndex);
        case Reach::transit: return reserved_attribution(kTransitIndex);
    }
    return {};
}

}  // namespace

FlowState& Flows::open(const FlowOpened& opened) {
    while (flows_.size() <= opened.flow) flows_.emplace_back();
    FlowState& flow = flows_[opened.flow];
    flow = {};
    flow.key = opened.key;
    flow.start_ns = opened.start_ns;
    flow.device = opened.device;
    flow.both_sides = opened.devices[0] == opened.devices[1];
    flow.device_mac = opened.device_mac;
    flow.up = opened.up;
    flow.application = application_by_port(opened.key);
    if (opened.reach == Reach::outside) return flow;
    flow.decided = true;
    flow.attribution = reserved_for(opened.reach);
    return flow;
}

void Flows::prefetch(FlowIndex flow) const {
    constexpr std::size_t kCacheLine = 64;
    if (flow >= flows_.size()) return;
    const auto* const state = reinterpret_cast<const char*>(&flows_[flow]);
    for (std::size_t at = 0; at < sizeof(FlowState); at += kCacheLine) __builtin_prefetch(state + at, 1);
}

}  // namespace telltale::correlate
