// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sensor/app/config/option.h"

namespace telltale::app {

// Parses a number of the configuration: a count is a whole number; a size ends with B, KiB, MiB or GiB and is returned
// in bytes; a duration ends with s, m, h or d and is returned in nanoseconds. nullopt if it is not valid or exceeds 63
// bits.
std::optional<std::int64_t> parse_number(OptionType type, std::string_view text);

// Formats a number in the largest unit that divides it: 120 seconds are 2m.
std::string number_text(OptionType type, std::int64_t value);

[[nodiscard]] bool is_number(OptionType type);

// Formats any value as YAML on one line; empty for an empty path, text, list or map.
std::string value_text(const Option& option, const OptionValue& value);

// Describes a valid value, or a valid item of a list or map: "a duration from 1s to 1h (a whole number and s, m, h or
// d)".
std::string item_expectation(const Option& option);

// Describes the valid value as a whole: "a list of networks".
std::string expectation(const Option& option);

}  // namespace telltale::app
