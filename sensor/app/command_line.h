// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sensor/model/addresses.h"

namespace telltale::app {

enum class SummaryFormat { text, json };

// `telltale read`: what was asked for. Empty paths mean "not asked for"; "-" is standard input or output. What the
// configuration has, too, is set here only when the command line says it, and then wins.
struct ReadOptions {
    std::vector<std::string> files;
    std::string events;
    std::string observations;
    SummaryFormat format = SummaryFormat::text;
    std::filesystem::path config;
    std::optional<std::size_t> workers;
    std::vector<model::IpPrefix> home_networks;
    std::filesystem::path signatures;
    std::filesystem::path site_key_file;
    std::filesystem::path cache_dir;  // of compiled signatures
    bool no_cache = false;
    bool quiet = false;

    // Where the summary goes: standard error when events or observations own standard output.
    [[nodiscard]] bool summary_on_stderr() const { return events == "-" || observations == "-"; }
};

// `telltale check`: exactly one of these.
struct CheckOptions {
    std::filesystem::path config;
    bool sample = false;
    bool reference = false;
};

// `telltale live`: what was asked for.
struct LiveOptions {
    std::string interface;
    unsigned seconds = 0;  // 0: until a signal
    ReadOptions run;       // what it has in common with `read`
};

// `telltale run`.
struct RunOptions {
    std::filesystem::path config;
};

// What to do, or with which status the program ends at once (after --help, --version, or a wrong command line, all of
// which have been printed).
using CommandLine = std::variant<ReadOptions, LiveOptions, RunOptions, CheckOptions, int>;
CommandLine parse_command_line(int argc, const char* const* argv);

// Exit statuses.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;    // the work could not be finished: an output that failed
inline constexpr int kExitBadInput = 2;  // command line, configuration, signatures or capture are not usable

}  // namespace telltale::app
