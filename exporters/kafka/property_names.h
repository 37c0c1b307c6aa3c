// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace telltale::kafka {

// Every property that librdkafka lets a producer set, as it lists them itself.
std::vector<std::string> producer_property_names();

// The name that is closest to a mistyped one by edit distance; empty when none is close.
std::string closest_name(std::string_view mistyped, const std::vector<std::string>& names);

// Why a property cannot be passed through, as the end of a sentence; empty when it can.
std::string_view why_not_passed_through(std::string_view name);

}  // namespace telltale::kafka
