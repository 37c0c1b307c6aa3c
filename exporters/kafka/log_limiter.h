// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "exporters/kafka/kafka_exporter.h"

namespace telltale::kafka {

// Lines on their way to the hook: at most kLogLines in kLogInterval, then a line that says how many were left out. What
// other machines wrote into them cannot forge a line: controls become '.', and 400 bytes are kept. One thread.
class LogLimiter {
  public:
    static constexpr std::size_t kMaxLine = 400;
    using Clock = std::chrono::steady_clock;

    explicit LogLimiter(LogHook hook) : hook_(std::move(hook)) {}

    // False: left out.
    bool log(LogLevel level, std::string_view line, Clock::time_point now = Clock::now());

  private:
    LogHook hook_;
    Clock::time_point interval_start_{};
    unsigned lines_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace telltale::kafka
