// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "sensor/base/index_lists.h"

namespace telltale::base {

// One timer per item 0..items-1 of an array, on a hashed wheel with one bucket per tick. A timer may fire early, never
// late: a tick beyond the wheel's horizon is reduced to it. So the owner compares with its own deadline when a timer
// fires, and arms it again if it fired early. An owner that moves a deadline further away need not touch the timer.
// arm() and cancel() are O(1); advance() costs the buckets that pass (at most all) and the timers that fire. Only the
// constructor allocates.
class TimerWheel {
  public:
    // Rounds `buckets` up to a power of two; the horizon in ticks is one less.
    TimerWheel(std::uint32_t items, std::uint32_t buckets)
        : buckets_(std::bit_ceil(buckets < 2 ? 2 : buckets)), lists_(items, buckets_ + 1) {}

    [[nodiscard]] std::int64_t now() const { return now_; }

    // Arms or moves the item's timer. A tick that has passed means the next one.
    void arm(std::uint32_t item, std::int64_t tick) {
        const std::int64_t horizon = now_ + buckets_ - 1;
        if (tick <= now_) tick = now_ + 1;
        if (tick > horizon) tick = horizon;
        lists_.remove(item);
        lists_.push_back(bucket(tick), item);
    }
    void cancel(std::uint32_t item) { lists_.remove(item); }
    [[nodiscard]] bool armed(std::uint32_t item) const { return lists_.linked(item); }

    // Advances to `tick` and calls fire(item) for every timer that is due. Such a timer is no longer armed and may be
    // armed again. Does nothing if `tick` is not after now(). Calls upcoming(item, 2) and upcoming(item, 1) for the
    // items that fire after the next one and next, so that the owner can prefetch them.
    template <typename Fire, typename Upcoming>
    void advance(std::int64_t tick, Fire&& fire, Upcoming&& upcoming) {
        if (tick <= now_) return;
        const std::int64_t from = now_;
        now_ = tick;
        const std::int64_t passed = tick - from < buckets_ ? tick - from : buckets_;
        for (std::int64_t i = 1; i <= passed; ++i) {
            // A separate list, so that what is armed meanwhile cannot fire in this bucket again.
            lists_.splice(buckets_, bucket(from + i));
            for (std::uint32_t item = lists_.front(buckets_); item != kNoIndex; item = lists_.front(buckets_)) {
                std::uint32_t ahead = lists_.after(item);
                for (unsigned distance = 1; distance <= 2 && ahead != kNoIndex; ++distance) {
                    upcoming(ahead, distance);
                    ahead = lists_.after(ahead);
                }
                lists_.remove(item);
                fire(item);
            }
        }
    }
    template <typename Fire>
    void advance(std::int64_t tick, Fire&& fire) {
        advance(tick, fire, [](std::uint32_t, unsigned) {});
    }

  private:
    [[nodiscard]] std::uint32_t bucket(std::int64_t tick) const {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(tick) & (buckets_ - 1));
    }

    std::uint32_t buckets_;
    IndexLists lists_;  // one per bucket, then the one of the firing timers
    std::int64_t now_ = 0;
};

}  // namespace telltale::base
