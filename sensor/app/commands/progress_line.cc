// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace telltale::app {

ProgressLine::ProgressLine(bool wanted, std::string_view things)
    : enabled_(wanted && isatty(STDERR_FILENO) == 1), things_(things) {}

void ProgressLine::show(std::uint64_t count, const std::optional<Size>& size) {
    if (!enabled_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(200);
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double millions = static_cast<double>(count) / 1e6;
    std::string line =
        fmt::format("\r{:.1f} million {}, {:.1f} million per second", millions, things_, millions / seconds);
    if (size && size->total > 0) {
        const double share = size->read / size->total;
        line += fmt::format(", {:.0f} % of {:.1f} {}", share * 100, size->total, size->unit);
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
