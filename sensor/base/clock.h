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

}  // namespace telltale::base
