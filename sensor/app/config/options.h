// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sensor/app/config/option.h"

namespace telltale::app {

// Every option, once, in the order of the sample file; those of a section stand together. Built once, immutable.
std::span<const Option> options();

// Every section that a key of options() names, in the same order.
std::span<const OptionSection> option_sections();

}  // namespace telltale::app
