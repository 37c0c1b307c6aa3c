// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sensor/model/addresses.h"

namespace telltale::app {

enum class SummaryFormat { text, json };

// What the command line asks of a session, wherever its frames come from. Empty paths mean "not asked for"; "-" is
// standard input or output. An option that the configuration has, too, is set only when the command line gives it, and
// then wins.
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

    // Where the summary goes: standard error when events or observations own standard output.
    [[nodiscard]] bool summary_on_stderr() const { return events == "-" || observations == "-"; }
};

}  // namespace telltale::app
