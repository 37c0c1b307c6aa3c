// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/hash_index.h"
#include "sensor/base/huge_pages.h"
#include "sensor/base/index_lists.h"
#include "sensor/track/flow_slot.h"

namespace telltale::track {

// The slots of one worker's flows and their index by key. Fixed capacity; nothing is allocated after construction:
// about 290 bytes per flow. The caller hashes keys with a secret (FlowKey::hash), so crafted keys cannot pile up.
class FlowSlots {
  public:
    explicit FlowSlots(std::uint32_t capacity);

    // Both steps of a look-up touch memory that is rarely cached: prefetch for a whole batch, then each in turn.
    void prefetch_index(std::uint64_t hash) const { index_.prefetch(base::HashIndex::tag(hash)); }
    void prefetch_slot(std::uint64_t hash) const;
    // Prefetches all of a slot: it will be reported or closed.
    void prefetch_whole(std::uint32_t index) const;
    // Prefetches the memory that unlink() touches, except the slot.
    void prefetch_unlink(std::uint32_t index) const { index_.prefetch(slots_[index].tag); }

    // Returns the open flow of this key, or null.
    [[nodiscard]] FlowSlot* find(const model::FlowKey& key, std::uint64_t hash);
    // Opens a slot for a key that is not in the table, with a new serial; null if the table is full.
    [[nodiscard]] FlowSlot* open(const model::FlowKey& key, std::uint64_t hash);
    // Hides the flow from look-ups; it keeps its slot.
    void unlink(FlowSlot& flow);
    // Frees the slot of an unlinked flow.
    void release(FlowSlot& flow);
    // For a full table: returns the flow that was silent longest among the next few open ones; null if all of those are
    // closing. Constant time, and a good guess at the least recently used without a list that every packet would move.
    [[nodiscard]] FlowSlot* stale();

    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(slots_.size()); }
    [[nodiscard]] std::uint32_t size() const { return size_; }
    [[nodiscard]] bool full() const { return size_ == capacity(); }
    [[nodiscard]] FlowSlot& at(std::uint32_t index) { return slots_[index]; }
    [[nodiscard]] std::uint32_t index_of(const FlowSlot& flow) const {
        return static_cast<std::uint32_t>(&flow - slots_.data());
    }

  private:
    static constexpr std::uint32_t kSample = 16;

    std::vector<FlowSlot, base::HugePageAllocator<FlowSlot>> slots_;
    base::HashIndex index_;
    base::IndexLists free_;
    std::uint32_t size_ = 0;
    std::uint32_t hand_ = 0;
    std::uint32_t next_serial_ = 1;
};

}  // namespace telltale::track
