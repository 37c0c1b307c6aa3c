// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace telltale::capture {

// Turns the ticks of a network card's clock into wall-clock time. It has to be shown both clocks together now and then;
// the rate is what the clocks did between the last two looks. Plain arithmetic; one thread.
class DeviceClock {
  public:
    static constexpr std::int64_t kLookEveryNs = 1'000'000'000;
    // A time that is further off than this is not believed: the clock was reset, or stands still.
    static constexpr std::int64_t kMostOffNs = 1'000'000'000;

    [[nodiscard]] bool wants_look(std::int64_t wall_ns) const { return wall_ns - wall_ns_ >= kLookEveryNs; }
    // The first two looks set the rate; until then there is no time.
    void look(std::uint64_t ticks, std::int64_t wall_ns) {
        if (looked_ && ticks > ticks_ && wall_ns > wall_ns_) {
            ns_per_tick_ = static_cast<double>(wall_ns - wall_ns_) / static_cast<double>(ticks - ticks_);
        }
        looked_ = true;
        ticks_ = ticks;
        wall_ns_ = wall_ns;
    }
    // The wall clock when the card's clock showed `ticks`; `now_ns` where that cannot be said.
    [[nodiscard]] std::int64_t wall_ns(std::uint64_t ticks, std::int64_t now_ns) const {
        if (ns_per_tick_ == 0) return now_ns;
        const auto since = static_cast<double>(static_cast<std::int64_t>(ticks - ticks_));
        const std::int64_t time_ns = wall_ns_ + static_cast<std::int64_t>(since * ns_per_tick_);
        return std::llabs(time_ns - now_ns) > kMostOffNs ? now_ns : time_ns;
    }

  private:
    std::uint64_t ticks_ = 0;
    std::int64_t wall_ns_ = 0;
    double ns_per_tick_ = 0;
    bool looked_ = false;
};

}  // namespace telltale::capture
