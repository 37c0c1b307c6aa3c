// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace telltale::app {

// The service's log: spdlog's default logger, to standard error. Under systemd (JOURNAL_STREAM is set) every line
// begins with its priority, see sd-daemon(3), else with time and level. Control characters are escaped
// (base::is_control) and invalid UTF-8 is replaced, so that no text from packets, brokers or drivers can forge a line
// or control a terminal; lines are cut at kMaxLogLine. At most kMaxLogLines per level and kLogWindow; the number of
// lines left out is logged when the window ends.
inline constexpr std::size_t kMaxLogLine = 2000;
inline constexpr unsigned kMaxLogLines = 50;
inline constexpr std::chrono::seconds kLogWindow{10};

void set_up_service_log(std::string_view level);
// Sets the level: debug, info, warning or error. Any thread.
void set_log_level(std::string_view level);
// Returns the number of lines left out since the start.
std::uint64_t log_lines_left_out();

// Logs an error of several lines as several lines.
void log_error_lines(std::string_view text);

// Returns `text` with escapes, as a log line may contain it.
std::string harmless(std::string_view text);

}  // namespace telltale::app
