// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <variant>
#include <vector>

#include "sensor/app/config/config.h"
#include "sensor/model/addresses.h"

namespace telltale::app {

// How an option's value is written, and in which unit it is kept: durations in nanoseconds, sizes in bytes.
enum class OptionType : std::uint8_t { count, size, duration, flag, path, networks };

// A value of any option: numbers (count, size, duration), flag, path, networks.
using OptionValue = std::variant<std::int64_t, bool, std::filesystem::path, std::vector<model::IpPrefix>>;

// When a changed value is taken over.
enum class Applies : std::uint8_t {
    at_start,   // by the next start
    on_reload,  // by a sensor that is told to read its configuration again, without losing what it knows
};

// Of numbers, both ends included.
struct OptionRange {
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
};

// One option of the configuration. Everything that is said of it anywhere (messages, sample file, reference) is made
// from this. The default is what `get` gives of a Config as constructed.
struct Option {
    std::string_view key;  // dotted: a section and a name, or a name
    OptionType type{};
    OptionRange range;
    Applies applies{};
    std::string_view help;      // sentences, without Markdown
    std::string_view if_unset;  // where the default is empty: what happens then
    std::string_view example;   // where the default is empty: a value for the sample file, as YAML
    OptionValue (*get)(const Config&) = nullptr;
    void (*set)(Config&, const OptionValue&) = nullptr;  // of the option's type and range
};

// What a section of the file is about.
struct OptionSection {
    std::string_view key;
    std::string_view help;
};

}  // namespace telltale::app
