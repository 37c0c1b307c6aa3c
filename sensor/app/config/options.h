// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/app/config/option.h"

namespace telltale::app {

// Every option, once, in the order of the sample file; those of a section stand together. Built once, immutable.
std::span<const Option> options();

// Every section that a key of options() names, in the same order.
std::span<const OptionSection> option_sections();

// The section of an option; null for those that stand in none.
const OptionSection* section_of(const Option& option);
// Its key within the section.
std::string_view name_in_section(const Option& option);
// "taps[].name" of the first map is "taps[0].name"; other keys stay as they are.
std::string key_of_entry(std::string_view key, std::size_t entry);

// The keys whose values differ, of options that are taken over at this time; a list of maps of another length by the
// section's key.
std::vector<std::string> changed_keys(const Config& before, const Config& after, Applies applies);

}  // namespace telltale::app
