// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sensor/model/addresses.h"

namespace telltale::app {

// Format of the summary.
enum class SummaryFormat { text, json };

// Command-line options of a session, whatever its source. Empty paths: not requested; "-": standard input or output. An
// option that the configuration has, too, is set only if given on the command line, and then takes precedence.
struct SessionOptions {
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

    // Returns whether the summary goes to standard error because events or observations use standard output.
    [[nodiscard]] bool summary_on_stderr() const { return events == "-" || observations == "-"; }
};

}  // namespace telltale::app
