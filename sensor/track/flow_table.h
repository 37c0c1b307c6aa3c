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
// about 290 bytes a flow. The caller hashes keys with a secret (FlowKey::hash), so crafted keys cannot pile up.
class FlowTable {
  public:
    explicit FlowTable(std::uint32_t capacity);

    // Both steps of a look-up touch memory that is rarely cached: prefetch for a whole batch, then each in turn.
    void prefetch_index(std::uint64_t hash) const { index_.prefetch(base::HashIndex::tag(hash)); }
    void prefetch_slot(std::uint64_t hash) const;
    // All of a slot: it will be reported or closed.
    void prefetch_whole(std::uint32_t index) const;
    // What unlink() touches beside the slot, which is there.
    void prefetch_unlink(std::uint32_t index) const { index_.prefetch(slots_[index].tag); }

    // The open flow of this key; null when there is none.
    [[nodiscard]] FlowSlot* find(const model::FlowKey& key, std::uint64_t hash);
    // A slot for a key that is not in the table, with a new serial; null when the table is full.
    [[nodiscard]] FlowSlot* open(const model::FlowKey& key, std::uint64_t hash);
    // No look-up finds the flow any more; it keeps its slot.
    void unlink(FlowSlot& flow);
    // The slot of an unlinked flow is free.
    void release(FlowSlot& flow);
    // Of a full table: the flow that was silent longest among the next few that are open; null when all of those are
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
