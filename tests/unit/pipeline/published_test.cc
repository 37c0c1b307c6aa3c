// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/published.h"

#include <gtest/gtest.h>

#include <thread>

namespace telltale::pipeline {
namespace {

TEST(Published, IsReadWhole) {
    struct Values {
        std::array<std::uint64_t, 100> words{};
    };
    Published<Values> published;
    std::atomic<bool> ended{false};
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!ended.load()) {
            const Values seen = published.read();
            for (std::uint64_t word : seen.words) ASSERT_EQ(word, seen.words[0]);
            ASSERT_GE(seen.words[0], last);
            last = seen.words[0];
        }
    });
    Values values;
    for (std::uint64_t i = 1; i < 20'000; ++i) {
        values.words.fill(i);
        published.publish(values);
    }
    ended.store(true);
    reader.join();
    EXPECT_EQ(published.read().words[99], 19'999U);
}

}  // namespace
}  // namespace telltale::pipeline
