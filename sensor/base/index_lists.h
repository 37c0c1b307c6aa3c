// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

namespace telltale::base {

inline constexpr std::uint32_t kNoIndex = 0xffffffff;

// Several doubly linked lists over the items 0..items-1 of an array that the caller owns. An item is in at most one
// list. Every operation is O(1), also splice(), because an item does not know its list. Links have an array of their
// own (8 bytes per item), so that walking a list does not touch the items. Only the constructor allocates.
class IndexLists {
  public:
    IndexLists(std::uint32_t items, std::uint32_t lists) : items_(items), links_(std::size_t{items} + lists) {
        for (std::uint32_t i = 0; i < links_.size(); ++i) links_[i] = {i, i};
    }

    [[nodiscard]] bool linked(std::uint32_t item) const { return links_[item].next != item; }
    [[nodiscard]] bool empty(std::uint32_t list) const { return !linked(head(list)); }
    // Returns the first item; kNoIndex if the list is empty.
    [[nodiscard]] std::uint32_t front(std::uint32_t list) const {
        const std::uint32_t item = links_[head(list)].next;
        return item < items_ ? item : kNoIndex;
    }

    // Returns the next item of its list; kNoIndex at the end.
    [[nodiscard]] std::uint32_t after(std::uint32_t item) const {
        const std::uint32_t next = links_[item].next;
        return next < items_ ? next : kNoIndex;
    }

    void push_back(std::uint32_t list, std::uint32_t item) {
        assert(!linked(item));
        insert(links_[head(list)].previous, item, head(list));
    }
    void push_front(std::uint32_t list, std::uint32_t item) {
        assert(!linked(item));
        insert(head(list), item, links_[head(list)].next);
    }
    // Removes an item from its list; does nothing if it is in none.
    void remove(std::uint32_t item) {
        const Link link = links_[item];
        links_[link.previous].next = link.next;
        links_[link.next].previous = link.previous;
        links_[item] = {item, item};
    }
    // Appends all items of `from` to `to`, in order.
    void splice(std::uint32_t to, std::uint32_t from) {
        if (empty(from)) return;
        const Link moved = links_[head(from)];
        const std::uint32_t last = links_[head(to)].previous;
        links_[last].next = moved.next;
        links_[moved.next].previous = last;
        links_[moved.previous].next = head(to);
        links_[head(to)].previous = moved.previous;
        links_[head(from)] = {head(from), head(from)};
    }

  private:
    struct Link {
        std::uint32_t previous;
        std::uint32_t next;
    };

    [[nodiscard]] std::uint32_t head(std::uint32_t list) const { return items_ + list; }
    void insert(std::uint32_t before, std::uint32_t item, std::uint32_t after) {
        links_[item] = {before, after};
        links_[before].next = item;
        links_[after].previous = item;
    }

    std::uint32_t items_;
    std::vector<Link> links_;  // items, then the lists' heads
};

}  // namespace telltale::base
