// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace telltale::ecs {

inline constexpr std::size_t kTimeTextBytes = 27;

// Writes times as events have them. Keeps the dates that were last written: nearly all times are of the packets' day or
// of today.
class Calendar {
  public:
    // Writes "2014-06-30T22:15:02.000123Z": microseconds, UTC, cut and not rounded. Returns the end.
    char* put(std::int64_t time_ns, char* at);

  private:
    static constexpr std::size_t kDateBytes = 11;  // with the T

    struct Date {
        std::int64_t start_us = 0;
        std::array<char, kDateBytes> text{'1', '9', '7', '0', '-', '0', '1', '-', '0', '1', 'T'};
    };
    const Date& date_of(std::int64_t time_us);

    std::array<Date, 3> dates_;
    std::size_t next_ = 0;  // the date to replace
};

}  // namespace telltale::ecs
