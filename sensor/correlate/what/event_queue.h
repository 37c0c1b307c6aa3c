// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sensor/correlate/what/event_outlet.h"

namespace telltale::correlate {

// The events of one partition on their way to who's thread, in order, with a mark behind each round. Bounded: the
// partition waits while it is full, so that an interval's end, which makes an event per row of the ledger, holds few of
// them in memory. One thread pushes, one pops.
class EventQueue {
  public:
    // The capacity is rounded up to a power of two, so that the counts may wrap.
    explicit EventQueue(std::size_t capacity) : items_(std::bit_ceil(capacity)) {}

    // The partition's thread. After close() what is pushed is dropped.
    void push(const EventPlace& place, model::Event&& event) { put({place, std::move(event), false}); }
    void end_round() { put({{}, {}, true}); }

    // Who's thread. Returns whether there is an item; with `wait`, waits for one.
    [[nodiscard]] bool arrived(bool wait) const;
    // The first item, if one has arrived: an event or the end of a round.
    [[nodiscard]] bool at_round_end() const { return first().round_ends; }
    [[nodiscard]] const EventPlace& place() const { return first().place; }
    [[nodiscard]] model::Event& event() { return items_[slot(taken_.load())].event; }
    void pop();
    // Nobody will pop any more.
    void close();

  private:
    struct Item {
        EventPlace place;
        model::Event event;
        bool round_ends = false;
    };
    void put(Item&& item);
    [[nodiscard]] std::size_t slot(std::uint32_t count) const { return count % items_.size(); }
    [[nodiscard]] const Item& first() const { return items_[slot(taken_.load())]; }

    std::vector<Item> items_;
    // Stored and loaded sequentially consistent, because libstdc++'s notify_one() wakes only if it reads a count of
    // waiting threads that is not 0. A store that is only released may become visible after that reading: then the
    // other side could count itself, see the old value and sleep, and nobody would wake it.
    alignas(64) std::atomic<std::uint32_t> put_{0};
    alignas(64) std::atomic<std::uint32_t> taken_{0};
    std::atomic<bool> closed_{false};
};

}  // namespace telltale::correlate
