// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>

namespace telltale::base {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// Nanoseconds since 1970. Wall time only stamps what the sensor itself does; everything derived from packets follows
// packet time (base/packet_clock.h).
inline std::int64_t wall_clock_ns() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * kSecondNs + now.tv_nsec;
}

// Nanoseconds since the machine's start, also while it slept. Nobody sets this clock: for the sensor's own periods.
inline std::int64_t monotone_clock_ns() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * kSecondNs + now.tv_nsec;
}

// Both clocks at one moment.
struct ClockReading {
    std::int64_t wall_ns = 0;
    std::int64_t monotone_ns = 0;
};

// Reads again if the thread was interrupted between the two; the third reading counts in any case.
inline ClockReading read_clocks() {
    ClockReading reading;
    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::int64_t before_ns = monotone_clock_ns();
        reading.wall_ns = wall_clock_ns();
        reading.monotone_ns = monotone_clock_ns();
        if (reading.monotone_ns - before_ns < kSecondNs / 1000) break;
    }
    return reading;
}

// Returns how far the wall clock was stepped between the readings, forwards positive. Adjusting the speed of the clocks
// (NTP) changes both alike.
constexpr std::int64_t clock_step_ns(const ClockReading& from, const ClockReading& to) {
    return (to.wall_ns - from.wall_ns) - (to.monotone_ns - from.monotone_ns);
}

}  // namespace telltale::base
