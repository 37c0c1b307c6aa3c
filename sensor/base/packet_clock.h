// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/clock.h"

namespace telltale::base {

// The clock of everything that is derived from packets. It is packet time that small disorder does not turn back. A
// jump back by more than a minute (a second capture, a corrected clock) sets it back; it follows any jump forward. One
// per frame source. Single-threaded.
class PacketClock {
  public:
    static constexpr std::int64_t kToleranceNs = 60 * kSecondNs;

    // Returns the clock after a packet of this time.
    std::int64_t observe(std::int64_t packet_ns) {
        if (packet_ns > now_ns_ || !started_) {
            now_ns_ = packet_ns;
            started_ = true;
        } else if (packet_ns < now_ns_ - kToleranceNs) {
            now_ns_ = packet_ns;
            ++rebased_;
        }
        return now_ns_;
    }

    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    [[nodiscard]] std::uint64_t rebased() const { return rebased_; }

  private:
    std::int64_t now_ns_ = 0;
    std::uint64_t rebased_ = 0;
    bool started_ = false;
};

// Returns the start of the step that contains the time: a second, for the workers' timers and intervals.
constexpr std::int64_t floor_to(std::int64_t time_ns, std::int64_t step_ns) {
    const std::int64_t rest = time_ns % step_ns;
    return time_ns - (rest < 0 ? rest + step_ns : rest);
}

// Returns whether the time is in the second that starts then; avoids the division of floor_to().
constexpr bool same_second(std::int64_t second_ns, std::int64_t time_ns) {
    return static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(second_ns) < kSecondNs;
}

}  // namespace telltale::base
