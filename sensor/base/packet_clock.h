// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace telltale::base {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// The clock of everything that is derived from packets: packet time, kept from running backwards by small disorder, and
// re-based when it jumps back by more than a minute (a second capture, a corrected clock). Forward it follows any jump.
// One a frame source; not thread-safe.
class PacketClock {
  public:
    static constexpr std::int64_t kToleranceNs = 60 * kSecondNs;

    // The clock after a packet of this time.
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

// The second that a time lies in; what the workers' timers and intervals step by.
constexpr std::int64_t floor_to(std::int64_t time_ns, std::int64_t step_ns) {
    const std::int64_t rest = time_ns % step_ns;
    return time_ns - (rest < 0 ? rest + step_ns : rest);
}

// Whether the time lies in the second that begins then; without the division of floor_to().
constexpr bool same_second(std::int64_t second_ns, std::int64_t time_ns) {
    return static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(second_ns) < kSecondNs;
}

}  // namespace telltale::base
