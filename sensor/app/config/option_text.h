// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sensor/app/config/option.h"

namespace telltale::app {

// Numbers as the configuration writes them: a count is a whole number; a size has one of B, KiB, MiB, GiB behind it and
// is kept in bytes, a duration one of s, m, h, d and is kept in nanoseconds. nullopt: it is none, or too large for 63
// bits.
std::optional<std::int64_t> parse_number(OptionType type, std::string_view text);

// The reverse, in the largest unit that divides it: 120 seconds are 2m.
std::string number_text(OptionType type, std::int64_t value);

[[nodiscard]] bool is_number(OptionType type);

// Any value as YAML, on one line; an empty path, text, list or map is empty.
std::string value_text(const Option& option, const OptionValue& value);

// What one value of the option must be: "a duration from 1s to 1h (a whole number and s, m, h or d)". For a list or map
// it is what each item must be.
std::string item_expectation(const Option& option);

// What the option's value must be: "a list of networks".
std::string expectation(const Option& option);

}  // namespace telltale::app
