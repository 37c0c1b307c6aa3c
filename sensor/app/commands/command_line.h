// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "sensor/app/setup/exit_status.h"
#include "sensor/app/setup/session_options.h"

namespace telltale::app {

// `telltale read`.
struct ReadOptions {
    std::vector<std::string> files;
    SessionOptions session;
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
    SessionOptions session;
};

// `telltale run`.
struct RunOptions {
    std::filesystem::path config;
};

// What to do, or with which status the program ends at once (after --help, --version, or a wrong command line, all of
// which have been printed).
using CommandLine = std::variant<ReadOptions, LiveOptions, RunOptions, CheckOptions, int>;
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace telltale::app
