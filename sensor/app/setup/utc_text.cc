// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/utc_text.h"

#include <time.h>

#include <chrono>

namespace telltale::app {

std::string utc_text(std::int64_t time_ns) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(time_ns)));
    const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

}  // namespace telltale::app
