// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/option_text.h"

#include <charconv>
#include <limits>
#include <span>
#include <system_error>

#include "sensor/base/packet_clock.h"

namespace telltale::app {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t size;
};

constexpr std::int64_t kSecond = base::kSecondNs;
constexpr Unit kPlain[] = {{"", 1}};
constexpr Unit kSizes[] = {{"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}, {"B", 1}};
constexpr Unit kDurations[] = {{"d", 86'400 * kSecond}, {"h", 3'600 * kSecond}, {"m", 60 * kSecond}, {"s", kSecond}};

// The largest first; none for what is no number.
std::span<const Unit> units_of(OptionType type) {
    switch (type) {
        case OptionType::count: return kPlain;
        case OptionType::size: return kSizes;
        case OptionType::duration: return kDurations;
        case OptionType::flag:
        case OptionType::path:
        case OptionType::networks: break;
    }
    return {};
}

}  // namespace

std::optional<std::int64_t> parse_number(OptionType type, std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const Unit& unit : units_of(type)) {
        if (unit.name != name) continue;
        constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
        if (number > static_cast<std::uint64_t>(kLargest / unit.size)) return std::nullopt;
        return static_cast<std::int64_t>(number) * unit.size;
    }
    return std::nullopt;
}

std::string number_text(OptionType type, std::int64_t value) {
    for (const Unit& unit : units_of(type)) {
        if (value >= unit.size && value % unit.size == 0)
            return std::to_string(value / unit.size) + std::string(unit.name);
    }
    return std::to_string(value);
}

std::string value_text(const Option& option, const OptionValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return number_text(option.type, *number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* path = std::get_if<std::filesystem::path>(&value)) return path->string();
    std::string text;
    for (const model::IpPrefix& network : std::get<std::vector<model::IpPrefix>>(value)) {
        text += (text.empty() ? "[" : ", ") + model::to_string(network);
    }
    return text.empty() ? text : text + "]";
}

std::string expectation(const Option& option) {
    const std::string range = " from " + number_text(option.type, option.range.lowest) + " to " +
                              number_text(option.type, option.range.highest);
    switch (option.type) {
        case OptionType::count: return "a whole number" + range;
        case OptionType::size: return "a size" + range + " (a whole number and B, KiB, MiB or GiB)";
        case OptionType::duration: return "a duration" + range + " (a whole number and s, m, h or d)";
        case OptionType::flag: return "true or false";
        case OptionType::path: return "a path";
        case OptionType::networks: return "a list of networks";
    }
    return "";
}

}  // namespace telltale::app
