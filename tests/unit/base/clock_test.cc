// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/clock.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace telltale::base {
namespace {

TEST(Clock, TellsAStepFromTimeThatPassed) {
    constexpr ClockReading kStart{1'000 * kSecondNs, 50 * kSecondNs};
    EXPECT_EQ(clock_step_ns(kStart, {1'010 * kSecondNs, 60 * kSecondNs}), 0) << "ten seconds passed";
    EXPECT_EQ(clock_step_ns(kStart, {4'610 * kSecondNs, 60 * kSecondNs}), 3'600 * kSecondNs) << "set an hour forward";
    EXPECT_EQ(clock_step_ns(kStart, {410 * kSecondNs, 60 * kSecondNs}), -600 * kSecondNs) << "set ten minutes back";
}

TEST(Clock, ReadsBothAtOneMoment) {
    const ClockReading first = read_clocks();
    const ClockReading second = read_clocks();
    EXPECT_GE(second.monotone_ns, first.monotone_ns);
    EXPECT_LT(std::abs(clock_step_ns(first, second)), kSecondNs / 4) << "nobody sets the clock in between";
}

}  // namespace
}  // namespace telltale::base
