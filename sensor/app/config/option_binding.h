// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/app/config/option.h"
#include "sensor/base/clock.h"

namespace telltale::app {

// Converts between a field of a Config and the alternative of OptionValue that stores it.
template <typename Field>
struct Stored {
    using Value = Field;
    static Value value(const Field& field) { return field; }
    static Field field(const Value& value) { return value; }
};

template <std::integral Field>
requires(!std::same_as<Field, bool>) struct Stored<Field> {
    using Value = std::int64_t;
    static Value value(Field field) { return static_cast<Value>(field); }
    static Field field(Value value) { return static_cast<Field>(value); }
};

template <std::integral Item>
struct Stored<std::vector<Item>> {
    using Value = std::vector<std::int64_t>;
    static Value value(const std::vector<Item>& field) { return {field.begin(), field.end()}; }
    static std::vector<Item> field(const Value& value) {
        std::vector<Item> items;
        for (const std::int64_t item : value) items.push_back(static_cast<Item>(item));
        return items;
    }
};

// Binds an option to a field. `Access` is a lambda without captures that returns a field of a Config (TELLTALE_FIELD).
template <typename Access>
Option bound(std::string_view key, OptionType type, Applies applies, std::string_view help, Access) {
    Option option;
    option.key = key;
    option.type = type;
    option.applies = applies;
    option.help = help;
    using Field = std::remove_cvref_t<decltype(Access{}(std::declval<Config&>(), std::size_t{0}))>;
    using Value = typename Stored<Field>::Value;
    option.get = [](const Config& config, std::size_t entry) -> OptionValue {
        return Stored<Field>::value(Access{}(config, entry));
    };
    option.set = [](Config& config, std::size_t entry, const OptionValue& value) {
        Access{}(config, entry) = Stored<Field>::field(std::get<Value>(value));
    };
    return option;
}

template <typename Access>
Option number(std::string_view key, OptionType type, OptionRange range, Applies applies, std::string_view help,
              Access access) {
    Option option = bound(key, type, applies, help, access);
    option.range = range;
    return option;
}

// Binds an option whose default is empty.
template <typename Access>
Option open(std::string_view key, OptionType type, Applies applies, std::string_view help, std::string_view if_unset,
            std::string_view example, Access access) {
    Option option = bound(key, type, applies, help, access);
    option.if_unset = if_unset;
    option.example = example;
    return option;
}

inline Option list_of(Option option, std::size_t most_items = 256) {
    option.shape = OptionShape::list;
    option.most_items = most_items;
    return option;
}

inline Option map_of(Option option) {
    option.shape = OptionShape::map;
    return option;
}

inline Option one_of(Option option, std::span<const std::string_view> words) {
    option.type = OptionType::word;
    option.words = words;
    return option;
}

inline Option within(Option option, OptionRange range) {
    option.range = range;
    return option;
}

inline Option renamed_from(std::string_view former_name, Option option) {
    option.former_name = former_name;
    return option;
}

inline Option required(Option option) {
    option.required = true;
    option.if_unset = "required";
    return option;
}

// Accesses a field of a Config; `entry` is the index in a list of maps.
#define TELLTALE_FIELD(field) \
    [](auto& config, [[maybe_unused]] std::size_t entry) -> auto& { return config.field; }

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;
inline constexpr std::int64_t kSecond = base::kSecondNs;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
inline constexpr std::int64_t kMillion = 1'000'000;

// The table's parts, in the order of the sample file.
std::vector<Option> general_options();
std::vector<Option> taps_options();
std::vector<Option> ignore_options();
std::vector<Option> dpdk_options();
std::vector<Option> knowledge_options();
std::vector<Option> tracking_options();
std::vector<Option> correlating_options();
std::vector<Option> store_options();
std::vector<Option> kafka_options();
std::vector<Option> metrics_options();
std::vector<Option> service_options();

}  // namespace telltale::app
