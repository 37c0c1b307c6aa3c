// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace telltale::app {

// One line on standard error that is rewritten while a file is read. Shows nothing unless standard error is a terminal.
class ProgressLine {
  public:
    explicit ProgressLine(bool wanted);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // Redraws at most every 200 ms. `total_bytes` 0: not known (standard input).
    void show(std::uint64_t frames, std::uint64_t bytes_read, std::uint64_t total_bytes);
    // Removes the line, before other output.
    void clear();

  private:
    bool enabled_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point next_ = started_ + std::chrono::milliseconds(300);
};

}  // namespace telltale::app
