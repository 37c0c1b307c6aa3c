// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/log_limiter.h"

#include <algorithm>
#include <utility>

namespace telltale::kafka {

bool LogLimiter::log(LogLevel level, std::string_view line, Clock::time_point now) {
    if (!hook_) return true;
    if (interval_start_ == Clock::time_point{} || now - interval_start_ >= kLogInterval) {
        interval_start_ = now;
        lines_ = 0;
        if (const std::uint64_t left_out = std::exchange(left_out_, 0); left_out > 0) {
            hook_(std::min(level, LogLevel::warning),
                  "kafka: " + std::to_string(left_out) + " more lines were left out");
        }
    }
    if (lines_ >= kLogLines) {
        ++left_out_;
        return false;
    }
    ++lines_;
    std::string text("kafka: ");
    text += line.substr(0, kMaxLine);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '.');
    hook_(level, text);
    return true;
}

}  // namespace telltale::kafka
