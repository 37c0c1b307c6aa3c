// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/clock.h"

namespace telltale::capture {

// The wall clock as it was at the start, and from there on the monotone one: nobody sets it, and it is the same for all
// sources of a process. A value; any thread.
class SteadyClock {
  public:
    SteadyClock() : start_(base::read_clocks()) {}

    [[nodiscard]] std::int64_t now_ns() const {
        return start_.wall_ns + (base::monotone_clock_ns() - start_.monotone_ns);
    }

  private:
    base::ClockReading start_;
};

}  // namespace telltale::capture
