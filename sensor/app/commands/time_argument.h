// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::app {

// Reads a time of the command line: "2026-11-30", "2026-11-30T12:00", "2026-11-30T12:00:00Z" (UTC), or so long before
// `now_ns`: "90m", "6h", "2d", "30s". Returns nanoseconds since 1970; nullopt for any other text.
std::optional<std::int64_t> parse_time(std::string_view text, std::int64_t now_ns);

}  // namespace telltale::app
