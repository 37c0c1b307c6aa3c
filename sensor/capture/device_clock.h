// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

#include "sensor/base/clock.h"

namespace telltale::capture {

// Converts the ticks of a network card's clock to wall-clock time. look() samples both clocks together; the last two
// samples give the rate. Plain arithmetic; single-threaded.
class DeviceClock {
  public:
    static constexpr std::int64_t kLookEveryNs = base::kSecondNs;
    // A time that is further off is not used: the clock was reset or has stopped.
    static constexpr std::int64_t kMostOffNs = base::kSecondNs;

    [[nodiscard]] bool wants_look(std::int64_t wall_ns) const { return wall_ns - wall_ns_ >= kLookEveryNs; }
    // Samples both clocks. There is no rate, and thus no time, before the second sample.
    void look(std::uint64_t ticks, std::int64_t wall_ns) {
        if (looked_ && ticks > ticks_ && wall_ns > wall_ns_) {
            ns_per_tick_ = static_cast<double>(wall_ns - wall_ns_) / static_cast<double>(ticks - ticks_);
        }
        looked_ = true;
        ticks_ = ticks;
        wall_ns_ = wall_ns;
    }
    // Returns the wall-clock time of `ticks`, or `now_ns` if that cannot be computed.
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
