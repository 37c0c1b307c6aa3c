// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/seen_flows.h"

#include <algorithm>
#include <functional>

namespace telltale::correlate {

SeenFlow& SeenFlows::get(const model::FlowRef& flow, bool& fresh) {
    SeenFlow* slot = slot_of(flow);
    if (slot != nullptr && slot->serial == flow.serial && flow.serial != 0) {
        fresh = false;
        return *slot;
    }
    fresh = true;
    const bool within = flow.worker < config_.max_workers && flow.slot < config_.max_slots;
    if (!within || flow.serial == 0) {
        if (!within) ++counters_.flows_over_limit;
        beyond_limit_ = {};
        return beyond_limit_;
    }
    if (slot == nullptr) {
        if (workers_.size() <= flow.worker) workers_.resize(std::size_t{flow.worker} + 1);
        auto& chunks = workers_[flow.worker];
        if (chunks.size() <= flow.slot / kChunkSlots) chunks.resize(std::size_t{flow.slot} / kChunkSlots + 1);
        auto& chunk = chunks[flow.slot / kChunkSlots];
        chunk = std::make_unique<Chunk>();
        slot = &(*chunk)[flow.slot % kChunkSlots];
    }
    if (slot->serial != 0) free_number(*slot);  // its end was not reported
    *slot = {};
    slot->serial = flow.serial;
    return *slot;
}

void SeenFlows::number(SeenFlow& slot) {
    if (slot.serial == 0) {
        slot.flow = 0;
        return;
    }
    Numbers& numbers = numbers_[slot.device % config_.partitions];
    if (numbers.free.empty()) {
        slot.flow = numbers.next++;
    } else {
        std::pop_heap(numbers.free.begin(), numbers.free.end(), std::greater<>());
        slot.flow = numbers.free.back();
        numbers.free.pop_back();
    }
}

void SeenFlows::free_number(const SeenFlow& slot) {
    std::vector<FlowIndex>& free = numbers_[slot.device % config_.partitions].free;
    free.push_back(slot.flow);
    std::push_heap(free.begin(), free.end(), std::greater<>());
}

SeenFlow* SeenFlows::slot_of(const model::FlowRef& flow) {
    if (flow.worker >= workers_.size()) return nullptr;
    const auto& chunks = workers_[flow.worker];
    const std::size_t chunk = flow.slot / kChunkSlots;
    return chunk < chunks.size() && chunks[chunk] != nullptr ? &(*chunks[chunk])[flow.slot % kChunkSlots] : nullptr;
}

void SeenFlows::close(const model::FlowRef& flow) {
    SeenFlow* const slot = slot_of(flow);
    if (slot == nullptr || slot->serial != flow.serial || slot->serial == 0) return;
    free_number(*slot);
    slot->serial = 0;
}

}  // namespace telltale::correlate
