// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sensor/base/result.h"

namespace telltale::app {

// The file that keeps what correlate knows over a restart. Written beside and renamed, so that there is always a whole
// one; its owner alone may read it. One thread at a time.
class StateFile {
  public:
    static constexpr std::uintmax_t kLargest = std::uintmax_t{4} << 30;

    explicit StateFile(std::filesystem::path path) : path_(std::move(path)) {}

    // Empty where there is none yet. The error names the file.
    base::Result<std::string> read() const;
    base::Status write(std::string_view state) const;
    // Gives a file that cannot be used another name, so that the next state does not take its place: PATH.unusable.
    // Empty when that fails.
    [[nodiscard]] std::filesystem::path put_aside() const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace telltale::app
