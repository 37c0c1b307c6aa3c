// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/event_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace telltale::correlate {
namespace {

constexpr std::uint64_t kEvents = 20'000;

EventPlace place_at(std::uint64_t frame) { return {.frame = frame}; }

TEST(EventQueue, KeepsTheOrderAndNeverHoldsMoreThanItsCapacity) {
    for (const std::size_t capacity : {1U, 4U}) {
        EventQueue queue(capacity);
        std::atomic<std::uint64_t> pushed{0};
        std::thread partition([&] {
            for (std::uint64_t i = 0; i < kEvents; ++i) {
                queue.push(place_at(i), {});
                pushed.store(i + 1);
            }
            queue.end_round();
        });
        for (std::uint64_t i = 0; i < kEvents; ++i) {
            ASSERT_TRUE(queue.arrived(true));
            ASSERT_FALSE(queue.at_round_end());
            ASSERT_EQ(queue.place().frame, i);
            ASSERT_LE(pushed.load(), i + capacity);
            queue.pop();
        }
        ASSERT_TRUE(queue.arrived(true));
        EXPECT_TRUE(queue.at_round_end());
        queue.pop();
        EXPECT_FALSE(queue.arrived(false));
        partition.join();
    }
}

TEST(EventQueue, LetsGoAPartitionThatWaitsWhenItIsClosed) {
    EventQueue queue(1);
    std::thread partition([&] {
        for (std::uint64_t i = 0; i < 3; ++i) queue.push(place_at(i), {});
    });
    ASSERT_TRUE(queue.arrived(true));
    queue.close();
    partition.join();
}

}  // namespace
}  // namespace telltale::correlate
