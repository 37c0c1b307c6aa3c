// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace telltale::app {

// "2026-11-30 12:00:00", UTC, of nanoseconds since 1970.
std::string utc_text(std::int64_t time_ns);

}  // namespace telltale::app
