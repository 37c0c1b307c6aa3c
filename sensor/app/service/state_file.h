// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sensor/base/result.h"

namespace telltale::app {

// The file that keeps correlate's state across restarts. Written under another name and renamed, so that it is always
// complete; readable only by its owner. One thread at a time.
class StateFile {
  public:
    static constexpr std::uintmax_t kLargest = std::uintmax_t{4} << 30;

    explicit StateFile(std::filesystem::path path) : path_(std::move(path)) {}

    // Returns the state; empty if there is no file yet. The error names the file.
    base::Result<std::string> read() const;
    base::Status write(std::string_view state) const;
    // Renames an unusable file to PATH.unusable, so that the next state does not overwrite it. Returns the new name;
    // empty if that fails.
    [[nodiscard]] std::filesystem::path put_aside() const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace telltale::app
