// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "sensor/app/config/config.h"
#include "sensor/base/result.h"

namespace telltale::app {

// A configuration and where each of its values was written.
struct LoadedConfig {
    Config config;
    std::filesystem::path file;        // empty: no file was read
    std::map<std::string, int> lines;  // of the keys and sections that the file sets, from 1: see key_of_entry()

    // "FILE:LINE: 'key'", for messages on a value that turns out to be unusable later; without a line where the file
    // does not set it.
    [[nodiscard]] std::string where(std::string_view key) const;
};

// Reads a configuration file. The error has a line "FILE:LINE: what" for everything that is wrong with it: keys that
// are unknown (with a suggestion) or stand twice, values of another type or out of range. Paths in the file that are
// relative are meant from the file's folder. Limits: 1 MiB and those of signatures::YamlDocument.
base::Result<LoadedConfig> load_config(const std::filesystem::path& file);

// The same of a text; `file` is for messages and relative paths.
base::Result<LoadedConfig> parse_config(const std::string& text, const std::filesystem::path& file);

}  // namespace telltale::app
