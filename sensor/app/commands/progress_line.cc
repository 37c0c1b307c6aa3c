// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace telltale::app {

ProgressLine::ProgressLine(bool wanted) : enabled_(wanted && isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(std::uint64_t frames, std::uint64_t bytes_read, std::uint64_t total_bytes) {
    if (!enabled_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(200);
    const double seconds = std::chrono::duration<double>(now - started_).count();
    std::string line = fmt::format("\r{:.1f} million frames, {:.1f} million per second",
                                   static_cast<double>(frames) / 1e6, static_cast<double>(frames) / 1e6 / seconds);
    if (total_bytes != 0) {
        const double share = static_cast<double>(bytes_read) / static_cast<double>(total_bytes);
        line += fmt::format(", {:.0f} % of {:.1f} MB", share * 100, static_cast<double>(total_bytes) / 1e6);
        if (share > 0.01) line += fmt::format(", about {:.0f} s left", seconds / share - seconds);
    }
    fmt::print(stderr, "{}\033[K", line);
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressLine::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace telltale::app
