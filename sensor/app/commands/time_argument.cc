// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/time_argument.h"

#include <charconv>
#include <ctime>
#include <string>

#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

std::optional<std::int64_t> seconds_of(char unit) {
    switch (unit) {
        case 's': return 1;
        case 'm': return 60;
        case 'h': return 3'600;
        case 'd': return 86'400;
        default: return std::nullopt;
    }
}

std::optional<std::int64_t> parse_age(std::string_view text, std::int64_t now_ns) {
    if (text.size() < 2) return std::nullopt;
    const std::optional<std::int64_t> unit = seconds_of(text.back());
    std::uint32_t count = 0;
    const char* end = text.data() + text.size() - 1;
    const auto [read, error] = std::from_chars(text.data(), end, count);
    if (!unit || error != std::errc() || read != end) return std::nullopt;
    return now_ns - *unit * count * base::kSecondNs;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text, std::int64_t now_ns) {
    if (const auto age = parse_age(text, now_ns)) return age;
    if (text.ends_with('Z')) text.remove_suffix(1);
    const std::string copy(text);
    for (const char* format :
         {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
        std::tm parts{};
        const char* end = ::strptime(copy.c_str(), format, &parts);
        if (end != nullptr && *end == '\0') return std::int64_t{::timegm(&parts)} * base::kSecondNs;
    }
    return std::nullopt;
}

}  // namespace telltale::app
