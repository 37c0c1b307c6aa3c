// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/app/config/option.h"

namespace telltale::app {

// Returns every option in the order of the sample file, grouped by section. Built once, immutable.
std::span<const Option> options();

// Returns every section that a key of options() names, in the same order.
std::span<const OptionSection> option_sections();

// Returns the section of an option; null if it has none.
const OptionSection* section_of(const Option& option);
// Returns the option's key within its section.
std::string_view name_in_section(const Option& option);
// Returns "taps[0].name" for "taps[].name" of the first map; other keys unchanged.
std::string key_of_entry(std::string_view key, std::size_t entry);

// Returns the keys whose values differ, of options that apply at this time; the section's key for a list of maps whose
// length differs.
std::vector<std::string> changed_keys(const Config& before, const Config& after, Applies applies);

}  // namespace telltale::app
