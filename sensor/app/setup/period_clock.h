// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sensor/capture/steady_clock.h"
#include "sensor/capture/taps.h"
#include "sensor/correlate/what/alert_book.h"

namespace telltale::app {

// Returns the clock of alerts' periods on these taps, which are opened later: one that nobody sets. Taps that play
// files have packet time, as capture files have.
inline correlate::PeriodClock period_clock_of(const std::unique_ptr<capture::Taps>& taps) {
    return [&taps, steady = capture::SteadyClock()](std::int64_t packet_ns) {
        return taps == nullptr || taps->can_wait() ? packet_ns : steady.now_ns();
    };
}

}  // namespace telltale::app
