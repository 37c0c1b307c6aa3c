// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "sensor/base/hash_index.h"
#include "sensor/base/same_bytes.h"
#include "sensor/base/stable_vector.h"

namespace telltale::base {

// A hash map that grows. Its index has eight bytes per entry, eight to a cache line, and a key is next to its value, so
// that a look-up touches two lines. Keys are plain data without padding. Values keep their addresses, and only clear()
// removes them. Iteration follows insertion. `Hash` returns 64 bits, keyed if strangers choose the keys. At most 2^31
// entries. Single-threaded.
template <typename Key, typename Value, typename Hash>
class StableMap {
  public:
    [[nodiscard]] std::size_t size() const { return items_.size(); }

    [[nodiscard]] Value* find(const Key& key) { return found(HashIndex::tag(Hash{}(key)), key); }
    [[nodiscard]] const Value* find(const Key& key) const { return const_cast<StableMap*>(this)->find(key); }

    void prefetch(const Key& key) const { index_.prefetch(HashIndex::tag(Hash{}(key))); }

    // Returns the key's value, and whether it is new: then it was made of `arguments`.
    template <typename... Arguments>
    std::pair<Value&, bool> try_emplace(const Key& key, Arguments&&... arguments) {
        const std::uint32_t tag = HashIndex::tag(Hash{}(key));
        if (Value* const known = found(tag, key); known != nullptr) return {*known, false};
        if (index_.full()) index_.grow();
        index_.insert(tag, static_cast<std::uint32_t>(items_.size()));
        return {items_.emplace_back(key, Value(std::forward<Arguments>(arguments)...)).second, true};
    }
    Value& operator[](const Key& key) { return try_emplace(key).first; }

    void clear() {
        items_.clear();
        index_ = HashIndex(kFirstItems);
    }

    [[nodiscard]] auto begin() { return items_.begin(); }
    [[nodiscard]] auto end() { return items_.end(); }
    [[nodiscard]] auto begin() const { return items_.begin(); }
    [[nodiscard]] auto end() const { return items_.end(); }

  private:
    static constexpr std::uint32_t kFirstItems = 63;

    Value* found(std::uint32_t tag, const Key& key) {
        const std::uint32_t item = index_.find(tag, [&](std::uint32_t i) { return same_bytes(items_[i].first, key); });
        return item == kNoIndex ? nullptr : &items_[item].second;
    }

    StableVector<std::pair<const Key, Value>> items_;
    HashIndex index_{kFirstItems};
};

}  // namespace telltale::base
