// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::model {

// Text from packets for a sentence: printable ASCII as it is, everything else as \xNN, cut at `max_bytes` of input. No
// line can be forged with it.
std::string readable(std::string_view text, std::size_t max_bytes = 80);

// "0.93"
std::string readable(double confidence);

}  // namespace telltale::model
