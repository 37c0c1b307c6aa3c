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

// Returns the units of a type, largest first; empty for types that are not numbers.
std::span<const Unit> units_of(OptionType type) {
    switch (type) {
        case OptionType::count: return kPlain;
        case OptionType::size: return kSizes;
        case OptionType::duration: return kDurations;
        case OptionType::flag:
        case OptionType::path:
        case OptionType::network:
        case OptionType::mac:
        case OptionType::text:
        case OptionType::word: break;
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

bool is_number(OptionType type) { return !units_of(type).empty(); }

namespace {

// Formats text as YAML: plain if it cannot be mistaken for anything else, else quoted.
std::string scalar_text(const std::string& text) {
    constexpr std::string_view kPlainCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
    if (text.find_first_not_of(kPlainCharacters) == std::string::npos) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    return quoted + "'";
}

// Formats each kind of value.
struct ValueText {
    OptionType type;

    std::string operator()(std::int64_t number) const { return number_text(type, number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::filesystem::path& path) const { return path.string(); }
    std::string operator()(const std::string& text) const { return text.empty() ? text : scalar_text(text); }
    std::string operator()(const model::IpPrefix& network) const { return model::to_string(network); }
    std::string operator()(const model::MacAddress& mac) const { return "'" + model::to_string(mac) + "'"; }
    template <typename Item>
    std::string operator()(const std::vector<Item>& items) const {
        std::string text;
        for (const Item& item : items) text += (text.empty() ? "[" : ", ") + (*this)(item);
        return text.empty() ? text : text + "]";
    }
    std::string operator()(const TextMap& map) const {
        std::string text;
        for (const auto& [name, value] : map) {
            text += (text.empty() ? "{" : ", ") + scalar_text(name) + ": " + scalar_text(value);
        }
        return text.empty() ? text : text + "}";
    }
};

std::string words_text(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty()) text += word == words.back() ? " or " : ", ";
        text += word;
    }
    return text;
}

}  // namespace

std::string value_text(const Option& option, const OptionValue& value) {
    return std::visit(ValueText{option.type}, value);
}

std::string item_expectation(const Option& option) {
    const std::string range = " from " + number_text(option.type, option.range.lowest) + " to " +
                              number_text(option.type, option.range.highest);
    switch (option.type) {
        case OptionType::count: return "a whole number" + range;
        case OptionType::size: return "a size" + range + " (a whole number and B, KiB, MiB or GiB)";
        case OptionType::duration: return "a duration" + range + " (a whole number and s, m, h or d)";
        case OptionType::flag: return "true or false";
        case OptionType::path: return "a path";
        case OptionType::network: return "a network, like 10.0.0.0/8 or 2001:db8::/32";
        case OptionType::mac: return "a MAC address, like '00:1a:2b:3c:4d:5e'";
        case OptionType::text: return "text of at most " + std::to_string(option.range.highest) + " characters";
        case OptionType::word: return words_text(option.words);
    }
    return "";
}

std::string expectation(const Option& option) {
    if (option.shape == OptionShape::one) return item_expectation(option);
    if (option.shape == OptionShape::map) return "a map of names to text";
    switch (option.type) {
        case OptionType::network: return "a list of networks";
        case OptionType::mac: return "a list of MAC addresses";
        case OptionType::text: return "a list of text";
        default:
            return "a list of whole numbers from " + number_text(option.type, option.range.lowest) + " to " +
                   number_text(option.type, option.range.highest);
    }
}

}  // namespace telltale::app
