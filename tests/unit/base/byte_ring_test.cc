// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/byte_ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>
#include <thread>
#include <vector>

namespace telltale::base {
namespace {

std::vector<std::uint8_t> record_of(std::uint32_t number, std::size_t size) {
    std::vector<std::uint8_t> record(size, static_cast<std::uint8_t>(number));
    if (size >= sizeof number) std::memcpy(record.data(), &number, sizeof number);
    return record;
}

TEST(ByteRing, EqualsAQueueUnderRandomUse) {
    std::mt19937 random(1);
    ByteRing ring(4096);
    std::deque<std::vector<std::uint8_t>> expected;
    std::uint32_t number = 0;
    std::size_t refused = 0;
    for (int step = 0; step < 200'000; ++step) {
        if (random() % 5 < 3) {
            const auto record = record_of(++number, random() % 700 + 1);
            if (ring.push(record)) {
                expected.push_back(record);
            } else {
                ++refused;
            }
            ring.publish();
        } else {
            const auto front = ring.front();
            ASSERT_EQ(front.empty(), expected.empty());
            if (expected.empty()) continue;
            ASSERT_TRUE(std::equal(front.begin(), front.end(), expected.front().begin(), expected.front().end()));
            ring.pop();
            expected.pop_front();
        }
    }
    EXPECT_GT(refused, 0u) << "the test must meet a full ring";
}

TEST(ByteRing, UnpublishedRecordsAreNotSeen) {
    ByteRing ring(4096);
    ASSERT_TRUE(ring.push(record_of(1, 8)));
    EXPECT_TRUE(ring.front().empty());
    ring.publish();
    EXPECT_FALSE(ring.front().empty());
}

TEST(ByteRing, CarriesEverythingBetweenTwoThreads) {
    ByteRing ring(1 << 14);
    constexpr std::uint32_t kRecords = 200'000;
    std::thread producer([&] {
        for (std::uint32_t number = 1; number <= kRecords;) {
            if (ring.push(record_of(number, 4 + number % 300))) {
                ++number;
            } else {
                std::this_thread::yield();
            }
            ring.publish();
        }
    });
    for (std::uint32_t number = 1; number <= kRecords; ++number) {
        auto front = ring.front();
        while (front.empty()) {
            std::this_thread::yield();
            front = ring.front();
        }
        std::uint32_t got = 0;
        std::memcpy(&got, front.data(), sizeof got);
        ASSERT_EQ(got, number);
        ASSERT_EQ(front.size(), 4 + number % 300);
        ring.pop();
    }
    producer.join();
    EXPECT_EQ(ring.used_bytes(), 0u);
}

}  // namespace
}  // namespace telltale::base
