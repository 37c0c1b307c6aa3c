// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdlib>

namespace telltale::base {

// An index into tables of kLimit entries. The constructor checks it, so that an IndexedArray needs no check. `What`
// separates the indexes of different tables; `Number` is the type that stores it.
template <typename What, typename Number, std::size_t kLimit>
class BoundedIndex {
  public:
    static constexpr std::size_t kCount = kLimit;

    constexpr BoundedIndex() = default;
    // Ends the process if `place` is not below kLimit. Configuration is validated before, so that would be a bug.
    explicit constexpr BoundedIndex(std::size_t place) : place_(static_cast<Number>(place)) {
        if (place >= kLimit) std::abort();
    }

    // Returns all indexes, in order.
    static constexpr std::array<BoundedIndex, kLimit> all() {
        std::array<BoundedIndex, kLimit> places{};
        for (std::size_t i = 0; i < kLimit; ++i) places[i] = BoundedIndex(i);
        return places;
    }

    [[nodiscard]] constexpr Number value() const { return place_; }
    constexpr auto operator<=>(const BoundedIndex&) const = default;

  private:
    Number place_ = 0;
};

// One entry per index.
template <typename T, typename Index>
class IndexedArray {
  public:
    [[nodiscard]] constexpr T& operator[](Index index) { return entries_[index.value()]; }
    [[nodiscard]] constexpr const T& operator[](Index index) const { return entries_[index.value()]; }
    [[nodiscard]] constexpr auto begin() const { return entries_.begin(); }
    [[nodiscard]] constexpr auto end() const { return entries_.end(); }

  private:
    std::array<T, Index::kCount> entries_{};
};

}  // namespace telltale::base
