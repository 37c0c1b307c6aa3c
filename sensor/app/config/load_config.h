// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "sensor/app/config/config.h"
#include "sensor/base/result.h"

namespace telltale::app {

// A configuration with the line of each value.
struct LoadedConfig {
    Config config;
    std::filesystem::path file;        // empty: no file was read
    std::map<std::string, int> lines;  // of the keys and sections that the file sets, from 1: see key_of_entry()

    // Returns "FILE:LINE: 'key'" for messages about a value that turns out to be unusable later; only the key if the
    // file does not set it.
    [[nodiscard]] std::string where(std::string_view key) const;
};

// Reads a configuration file. The error has one line "FILE:LINE: what" per problem: unknown keys (with a suggestion),
// repeated keys, values of the wrong type or out of range. Relative paths start at the file's folder. Limits: 1 MiB and
// those of signatures::YamlDocument.
base::Result<LoadedConfig> load_config(const std::filesystem::path& file);

// Reads a configuration from text; `file` is for messages and relative paths.
base::Result<LoadedConfig> parse_config(const std::string& text, const std::filesystem::path& file);

}  // namespace telltale::app
