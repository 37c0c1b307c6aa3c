// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/option_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sensor/app/config/option_text.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using signatures::YamlKind;
using signatures::YamlValue;

std::string in_quotes(std::string_view text) { return "'" + signatures::shown(text) + "'"; }

std::string found_text(YamlValue value) {
    if (value.kind() == YamlKind::map) return "a map";
    if (value.kind() == YamlKind::sequence) return "a list";
    return value.text().empty() ? "nothing" : in_quotes(value.text());
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Names a list's items, for the message that there are too many.
std::string_view items_name(OptionType type) {
    switch (type) {
        case OptionType::network: return "networks";
        case OptionType::mac: return "addresses";
        case OptionType::text: return "entries";
        default: return "numbers";
    }
}

std::string item_fault(const Option& option) {
    switch (option.type) {
        case OptionType::network: return " is not a network: write it as 10.0.0.0/8 or 2001:db8::/32";
        case OptionType::mac: return " is not a MAC address: write it as '00:1a:2b:3c:4d:5e'";
        default: return " must be " + item_expectation(option);
    }
}

}  // namespace

std::optional<OptionValue> OptionReader::read(const Option& option, const std::string& key, YamlValue value, int line) {
    key_ = key;
    if (value.kind() == YamlKind::scalar && value.text().empty()) {
        // The parser reports a missing value after its place, often on another line.
        refuse(option, value, line);
        return std::nullopt;
    }
    if (option.shape == OptionShape::list) return read_list(option, value);
    if (option.shape == OptionShape::map) return read_map(option, value);
    std::optional<OptionValue> read;
    if (value.kind() == YamlKind::scalar) read = read_item(option, value.text());
    if (!read) refuse(option, value, value.line());
    return read;
}

// Reads one value; nullopt without a message if it is not valid.
std::optional<OptionValue> OptionReader::read_item(const Option& option, std::string_view text) const {
    switch (option.type) {
        case OptionType::flag:
            if (text == "true" || text == "false") return OptionValue(text == "true");
            return std::nullopt;
        case OptionType::path:  // absolute paths are kept
            if (has_control_character(text)) return std::nullopt;
            return OptionValue((file_.parent_path() / fs::path(text)).lexically_normal());
        case OptionType::network:
            if (const auto network = model::parse_prefix(text)) return OptionValue(std::vector{*network});
            return std::nullopt;
        case OptionType::mac:
            if (const auto mac = model::parse_mac(text)) return OptionValue(std::vector{*mac});
            return std::nullopt;
        case OptionType::text:
            if (text.size() > static_cast<std::size_t>(option.range.highest) || has_control_character(text)) {
                return std::nullopt;
            }
            return OptionValue(std::string(text));
        case OptionType::word:
            if (std::find(option.words.begin(), option.words.end(), text) == option.words.end()) return std::nullopt;
            return OptionValue(std::string(text));
        case OptionType::count:
        case OptionType::size:
        case OptionType::duration: break;
    }
    const std::optional<std::int64_t> number = parse_number(option.type, text);
    if (!number || *number < option.range.lowest || *number > option.range.highest) return std::nullopt;
    return OptionValue(*number);
}

template <typename Item>
OptionValue OptionReader::gather(const Option& option, YamlValue list, bool repeats) {
    std::vector<Item> items;
    for (YamlValue item = list.first(); item; item = item.next()) {
        std::optional<OptionValue> read;
        if (item.kind() == YamlKind::scalar && !item.text().empty()) read = read_item(option, item.text());
        if (!read) {
            fail(item.line(), in_quotes(item.text()) + item_fault(option));
            continue;
        }
        Item value;
        if constexpr (std::is_same_v<Item, std::int64_t> || std::is_same_v<Item, std::string>) {
            value = std::get<Item>(*read);
        } else {
            value = std::get<std::vector<Item>>(*read).front();
        }
        if (!repeats && std::find(items.begin(), items.end(), value) != items.end()) {
            fail(item.line(), in_quotes(item.text()) + " occurs twice");
        } else if (items.size() == option.most_items) {
            fail(item.line(),
                 "more than " + std::to_string(option.most_items) + " " + std::string(items_name(option.type)));
            break;
        } else {
            items.push_back(std::move(value));
        }
    }
    return OptionValue(std::move(items));
}

std::optional<OptionValue> OptionReader::read_list(const Option& option, YamlValue list) {
    if (list.kind() != YamlKind::sequence) {
        refuse(option, list, list.line());
        return std::nullopt;
    }
    if (!list.first()) {
        fail(list.line(), option.required ? "the list is empty"
                                          : "the list is empty: leave it out for " + std::string(option.if_unset));
        return std::nullopt;
    }
    switch (option.type) {
        case OptionType::network: return gather<model::IpPrefix>(option, list, false);
        case OptionType::mac: return gather<model::MacAddress>(option, list, false);
        case OptionType::text: return gather<std::string>(option, list, true);
        default: return gather<std::int64_t>(option, list, false);
    }
}

std::optional<OptionValue> OptionReader::read_map(const Option& option, YamlValue map) {
    if (map.kind() != YamlKind::map) {
        refuse(option, map, map.line());
        return std::nullopt;
    }
    TextMap read;
    for (YamlValue name = map.first(); name && name.next(); name = name.next().next()) {
        const YamlValue value = name.next();
        if (name.kind() != YamlKind::scalar || name.text().empty()) {
            fail(name.line(), "a name must be a single word");
        } else if (value.kind() != YamlKind::scalar || value.text().empty() || !read_item(option, value.text())) {
            fail(name.line(), in_quotes(name.text()) + " must be text, found " + found_text(value));
        } else if (read.size() == option.most_items) {
            fail(name.line(), "more than " + std::to_string(option.most_items) + " entries");
            break;
        } else if (!read.emplace(name.text(), value.text()).second) {
            fail(name.line(), in_quotes(name.text()) + " occurs twice");
        }
    }
    return OptionValue(std::move(read));
}

void OptionReader::refuse(const Option& option, YamlValue value, int line) {
    problems_.add({shown_file_, line},
                  in_quotes(key_) + " must be " + expectation(option) + ", found " + found_text(value));
}

void OptionReader::fail(int line, const std::string& text) {
    problems_.add({shown_file_, line}, in_quotes(key_) + ": " + text);
}

}  // namespace telltale::app
