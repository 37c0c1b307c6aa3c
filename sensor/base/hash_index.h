// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "sensor/base/index_lists.h"

namespace telltale::base {

// Finds items of an array by hash: open addressing with linear probing, at most half full; erase() shifts entries back
// and leaves no tombstones. An entry has 8 bytes (32 bits of the hash and the item's index), eight per cache line, so
// that nearly all look-ups compare one key. The hash must be keyed if strangers choose the keys (VectorHash,
// siphash13). Only the constructor and grow() allocate.
class HashIndex {
  public:
    explicit HashIndex(std::uint32_t items)
        : entries_(std::bit_ceil(std::size_t{items} * 2 + 2)), mask_(static_cast<std::uint32_t>(entries_.size() - 1)) {}

    // Returns the bits of the hash that the index uses. An owner that keeps them can erase without hashing again.
    static constexpr std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

    void prefetch(std::uint32_t tag) const { __builtin_prefetch(&entries_[tag & mask_]); }

    // Returns the item with this tag for which equal(item) holds; kNoIndex if there is no such item.
    template <typename Equal>
    [[nodiscard]] std::uint32_t find(std::uint32_t tag, Equal&& equal) const {
        for (std::uint32_t at = tag & mask_; entries_[at].item != kNoIndex; at = (at + 1) & mask_) {
            if (entries_[at].tag == tag && equal(entries_[at].item)) return entries_[at].item;
        }
        return kNoIndex;
    }

    // Returns whether half of the entries are taken, so that no other item fits.
    [[nodiscard]] bool full() const { return size_ >= entries_.size() / 2; }
    // Doubles the capacity. Entries keep their tags, so that no key is hashed again.
    void grow() {
        const std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(entries_.size() * 2));
        mask_ = static_cast<std::uint32_t>(entries_.size() - 1);
        size_ = 0;
        for (const Entry& entry : old) {
            if (entry.item != kNoIndex) insert(entry.tag, entry.item);
        }
    }

    // Adds an item that is not in the index. At most `items` of them fit, or half of what it has grown to.
    void insert(std::uint32_t tag, std::uint32_t item) {
        std::uint32_t at = tag & mask_;
        while (entries_[at].item != kNoIndex) at = (at + 1) & mask_;
        entries_[at] = {tag, item};
        ++size_;
        assert(size_ <= entries_.size() / 2);
    }

    // Returns false if the item is not in the index.
    bool erase(std::uint32_t tag, std::uint32_t item) {
        std::uint32_t gap = tag & mask_;
        while (entries_[gap].item != item) {
            if (entries_[gap].item == kNoIndex) return false;
            gap = (gap + 1) & mask_;
        }
        for (std::uint32_t at = (gap + 1) & mask_; entries_[at].item != kNoIndex; at = (at + 1) & mask_) {
            // An entry may move to the gap unless its home follows the gap.
            const std::uint32_t from_home = (at - entries_[at].tag) & mask_;
            if (from_home < ((at - gap) & mask_)) continue;
            entries_[gap] = entries_[at];
            gap = at;
        }
        entries_[gap] = {};
        --size_;
        return true;
    }

    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Entry {
        std::uint32_t tag = 0;
        std::uint32_t item = kNoIndex;
    };

    std::vector<Entry> entries_;
    std::uint32_t mask_;
    std::size_t size_ = 0;
};

}  // namespace telltale::base
