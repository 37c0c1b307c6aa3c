// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/flows.h"

#include <utility>

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
    const std::size_t at = opened.flow / kChunkFlows;
    if (chunks_.size() <= at) chunks_.resize(at + 1);
    std::unique_ptr<Chunk>& chunk = chunks_[at];
    if (chunk == nullptr) {
        chunk = spare_ != nullptr ? std::move(spare_) : std::make_unique<Chunk>();
        ++used_chunks_;
    }
    chunk->open.set(opened.flow % kChunkFlows);
    FlowState& flow = chunk->flows[opened.flow % kChunkFlows];
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

void Flows::close(FlowIndex flow) {
    std::unique_ptr<Chunk>& chunk = chunks_[flow / kChunkFlows];
    chunk->open.reset(flow % kChunkFlows);
    if (chunk->open.any()) return;
    spare_ = std::move(chunk);
    --used_chunks_;
}

void Flows::prefetch(FlowIndex flow) const {
    constexpr std::size_t kCacheLine = 64;
    const std::size_t chunk = flow / kChunkFlows;
    if (chunk >= chunks_.size() || chunks_[chunk] == nullptr) return;
    const auto* const state = reinterpret_cast<const char*>(&chunks_[chunk]->flows[flow % kChunkFlows]);
    for (std::size_t at = 0; at < sizeof(FlowState); at += kCacheLine) __builtin_prefetch(state + at, 1);
}

}  // namespace telltale::correlate
