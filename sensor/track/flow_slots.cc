// SPDX-License-Identifier: Apache-2.0
#include "sensor/track/flow_slots.h"

#include <algorithm>
#include <cstddef>

namespace telltale::track {

FlowSlots::FlowSlots(std::uint32_t capacity)
    : slots_(std::max<std::uint32_t>(capacity, 1)), index_(this->capacity()), free_(this->capacity(), 1) {
    for (std::uint32_t i = 0; i < this->capacity(); ++i) free_.push_back(0, i);
}

void FlowSlots::prefetch_slot(std::uint64_t hash) const {
    const std::uint32_t guess = index_.find(base::HashIndex::tag(hash), [](std::uint32_t) { return true; });
    if (guess == base::kNoIndex) return;
    const auto* lines = reinterpret_cast<const char*>(&slots_[guess]);
    __builtin_prefetch(lines, 1);
    __builtin_prefetch(lines + 64, 1);
}

void FlowSlots::prefetch_whole(std::uint32_t index) const {
    constexpr std::size_t kCacheLine = 64;
    const auto* lines = reinterpret_cast<const char*>(&slots_[index]);
    for (std::size_t at = 0; at < sizeof(FlowSlot); at += kCacheLine) __builtin_prefetch(lines + at, 1);
}

FlowSlot* FlowSlots::find(const model::FlowKey& key, std::uint64_t hash) {
    const std::uint32_t found =
        index_.find(base::HashIndex::tag(hash), [&](std::uint32_t item) { return slots_[item].key == key; });
    return found == base::kNoIndex ? nullptr : &slots_[found];
}

FlowSlot* FlowSlots::open(const model::FlowKey& key, std::uint64_t hash) {
    const std::uint32_t index = free_.front(0);
    if (index == base::kNoIndex) return nullptr;
    free_.remove(index);
    FlowSlot& flow = slots_[index];
    flow = FlowSlot{};
    flow.key = key;
    flow.tag = base::HashIndex::tag(hash);
    flow.serial = next_serial_;
    if (++next_serial_ == 0) next_serial_ = 1;
    index_.insert(flow.tag, index);
    ++size_;
    return &flow;
}

void FlowSlots::unlink(FlowSlot& flow) { index_.erase(flow.tag, index_of(flow)); }

void FlowSlots::release(FlowSlot& flow) {
    flow.serial = 0;
    // In front: what was used last is still in the cache.
    free_.push_front(0, index_of(flow));
    --size_;
}

FlowSlot* FlowSlots::stale() {
    FlowSlot* oldest = nullptr;
    for (std::uint32_t i = 0; i < kSample; ++i) {
        FlowSlot& flow = slots_[hand_];
        hand_ = hand_ + 1 == capacity() ? 0 : hand_ + 1;
        if (flow.serial == 0 || flow.closing) continue;
        if (oldest == nullptr || flow.seen_ns < oldest->seen_ns) oldest = &flow;
    }
    return oldest;
}

}  // namespace telltale::track
