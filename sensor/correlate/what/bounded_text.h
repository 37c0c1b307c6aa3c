// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::correlate {

// Text from packets is kept raw in an event's fields, at most this long.
inline constexpr std::size_t kMaxTextBytes = 255;

inline std::string bounded(std::string_view text) { return std::string(text.substr(0, kMaxTextBytes)); }

}  // namespace telltale::correlate
