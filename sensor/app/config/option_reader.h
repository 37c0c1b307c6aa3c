// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sensor/app/config/option.h"
#include "signatures/problems.h"
#include "signatures/yaml_document.h"

namespace telltale::app {

// Reads values of options from YAML and reports errors with their line. Lives while one file is read; borrows
// everything.
class OptionReader {
  public:
    OptionReader(const std::filesystem::path& file, signatures::Problems& problems)
        : file_(file), shown_file_(file.string()), problems_(problems) {}

    // Returns nullopt after reporting an error. Messages name `key`; `line` is the line of the key.
    std::optional<OptionValue> read(const Option& option, const std::string& key, signatures::YamlValue value,
                                    int line);

    [[nodiscard]] const std::string& shown_file() const { return shown_file_; }

  private:
    std::optional<OptionValue> read_item(const Option& option, std::string_view text) const;
    std::optional<OptionValue> read_list(const Option& option, signatures::YamlValue list);
    std::optional<OptionValue> read_map(const Option& option, signatures::YamlValue map);
    template <typename Item>
    OptionValue gather(const Option& option, signatures::YamlValue list, bool repeats);

    void refuse(const Option& option, signatures::YamlValue value, int line);
    void fail(int line, const std::string& text);

    const std::filesystem::path& file_;
    std::string shown_file_;
    signatures::Problems& problems_;
    std::string key_;  // of the current option
};

}  // namespace telltale::app
