// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::app {

// One line on standard error that is rewritten while a file is read. Shows nothing unless standard error is a terminal.
class ProgressLine {
  public:
    // How far a file is read.
    struct Size {
        double read = 0;
        double total = 0;
        std::string_view unit;
    };

    // `things` are what is counted: "frames".
    ProgressLine(bool wanted, std::string_view things);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // Redraws at most every 200 ms. Without a size, the end is not known (standard input).
    void show(std::uint64_t count, const std::optional<Size>& size);
    // Removes the line, before other output.
    void clear();

  private:
    bool enabled_;
    std::string_view things_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point next_ = started_ + std::chrono::milliseconds(300);
};

}  // namespace telltale::app
