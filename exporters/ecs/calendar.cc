// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/calendar.h"

#include <chrono>
#include <cstring>

#include "exporters/json/digits.h"

namespace telltale::ecs {
namespace {

using json::put_pair;
using std::chrono::days;
using std::chrono::microseconds;

constexpr std::uint64_t kDayUs = 86'400'000'000;

}  // namespace

char* Calendar::put(std::int64_t time_ns, char* at) {
    // In microseconds: at the ends of the range, a whole day does not fit into nanoseconds.
    const std::int64_t time_us = std::chrono::floor<microseconds>(std::chrono::nanoseconds(time_ns)).count();
    const Date& date = date_of(time_us);
    const auto of_day = static_cast<std::uint64_t>(time_us - date.start_us);
    const auto seconds = static_cast<std::uint32_t>(of_day / 1'000'000);
    const auto fraction = static_cast<std::uint32_t>(of_day % 1'000'000);
    std::memcpy(at, date.text.data(), kDateBytes);
    std::memcpy(at + kDateBytes, "00:00:00.000000Z", kTimeTextBytes - kDateBytes);
    put_pair(at + 11, seconds / 3600);
    put_pair(at + 14, seconds / 60 % 60);
    put_pair(at + 17, seconds % 60);
    put_pair(at + 20, fraction / 10'000);
    put_pair(at + 22, fraction / 100 % 100);
    put_pair(at + 24, fraction % 100);
    return at + kTimeTextBytes;
}

const Calendar::Date& Calendar::date_of(std::int64_t time_us) {
    for (const Date& date : dates_) {
        if (static_cast<std::uint64_t>(time_us - date.start_us) < kDayUs) return date;
    }
    Date& date = dates_[next_];
    next_ = (next_ + 1) % dates_.size();
    const auto day = std::chrono::floor<days>(std::chrono::sys_time<microseconds>(microseconds(time_us)));
    date.start_us = microseconds(day.time_since_epoch()).count();
    const std::chrono::year_month_day parts{day};
    const auto year = static_cast<std::uint32_t>(static_cast<int>(parts.year()));  // 1677 to 2262
    char* const text = date.text.data();
    std::memcpy(text, "0000-00-00T", kDateBytes);
    put_pair(text, year / 100);
    put_pair(text + 2, year % 100);
    put_pair(text + 5, static_cast<unsigned>(parts.month()));
    put_pair(text + 8, static_cast<unsigned>(parts.day()));
    return date;
}

}  // namespace telltale::ecs
