// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>
#include <vector>

namespace telltale::base {
namespace {

std::vector<std::uint32_t> fired_by(TimerWheel& wheel, std::int64_t tick) {
    std::vector<std::uint32_t> fired;
    wheel.advance(tick, [&](std::uint32_t item) { fired.push_back(item); });
    return fired;
}

TEST(TimerWheel, FiresAtItsTick) {
    TimerWheel wheel(4, 8);
    wheel.arm(0, 3);
    wheel.arm(1, 5);
    wheel.arm(2, 4);
    wheel.arm(2, 6);  // moved
    wheel.arm(3, 2);
    wheel.cancel(3);
    EXPECT_TRUE(fired_by(wheel, 2).empty());
    EXPECT_EQ(fired_by(wheel, 3), (std::vector<std::uint32_t>{0}));
    EXPECT_FALSE(wheel.armed(0));
    EXPECT_EQ(fired_by(wheel, 100), (std::vector<std::uint32_t>{1, 2}));
}

TEST(TimerWheel, WhatIsArmedWhileFiringWaitsForALaterTick) {
    TimerWheel wheel(1, 4);
    wheel.arm(0, 1);
    int fired = 0;
    wheel.advance(1, [&](std::uint32_t item) {
        ++fired;
        wheel.arm(item, 0);  // passed: the next tick
    });
    EXPECT_EQ(fired, 1);
    EXPECT_EQ(fired_by(wheel, 2).size(), 1U);
}

TEST(TimerWheel, TellsWhatComesBeforeItFires) {
    TimerWheel wheel(8, 16);
    for (std::uint32_t item = 0; item < 5; ++item) wheel.arm(item, 3);
    std::vector<std::uint32_t> fired;
    std::vector<std::pair<std::uint32_t, unsigned>> told;
    const auto fire = [&](std::uint32_t item) {
        fired.push_back(item);
        if (item == 2) wheel.cancel(3);  // also an item that was announced may go
    };
    const auto upcoming = [&](std::uint32_t item, unsigned distance) { told.emplace_back(item, distance); };
    wheel.advance(2, fire, upcoming);
    EXPECT_TRUE(fired.empty() && told.empty());
    wheel.advance(3, fire, upcoming);
    EXPECT_EQ(fired, (std::vector<std::uint32_t>{0, 1, 2, 4}));
    EXPECT_EQ(told, (std::vector<std::pair<std::uint32_t, unsigned>>{{1, 1}, {2, 2}, {2, 1}, {3, 2}, {3, 1}, {4, 2}}));
}

// An owner that arms again what came early sees every deadline exactly, with any jumps.
TEST(TimerWheel, DeadlinesOfALazyOwnerAreExact) {
    constexpr std::uint32_t kItems = 50;
    std::mt19937 random(3);
    TimerWheel wheel(kItems, 16);
    std::map<std::uint32_t, std::int64_t> deadline;
    std::int64_t now = 1'700'000'000;
    ASSERT_TRUE(fired_by(wheel, now).empty());
    for (int step = 0; step < 5000; ++step) {
        const std::uint32_t item = static_cast<std::uint32_t>(random() % kItems);
        const std::int64_t due = now + 1 + static_cast<std::int64_t>(random() % 60);
        if (deadline.count(item) == 0) {
            deadline[item] = due;
            wheel.arm(item, due);
        } else if (due > deadline[item]) {
            deadline[item] = due;  // lazily: the timer stays
        }
        now += static_cast<std::int64_t>(random() % 100 == 0 ? random() % 200 : random() % 3);
        int calls = 0;
        wheel.advance(now, [&](std::uint32_t fired) {
            ++calls;
            ASSERT_EQ(deadline.count(fired), 1U);
            if (deadline[fired] <= now) {
                deadline.erase(fired);
            } else {
                wheel.arm(fired, deadline[fired]);
            }
        });
        ASSERT_LE(calls, static_cast<int>(2 * kItems));
        for (const auto& [left, tick] : deadline) {
            ASSERT_GT(tick, now) << "late, step " << step;
            ASSERT_TRUE(wheel.armed(left));
        }
    }
}

}  // namespace
}  // namespace telltale::base
