// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/capture/capture_files.h"

namespace telltale::capture {

// A folder of its own that goes with the object.
class ScratchFolder {
  public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    // Writes a file and returns its path.
    std::string write(const std::string& name, std::string_view content) const;
    [[nodiscard]] std::string path() const { return folder_.string(); }

  private:
    std::filesystem::path folder_;
};

// A frame that a source gave.
struct ReadFrame {
    std::int64_t time_ns = 0;
    model::Order order;
    std::uint32_t captured_length = 0;
    std::uint32_t wire_length = 0;
    model::LinkType link = model::LinkType::ethernet;
    std::int64_t clock_ns = 0;
    std::size_t batch = 0;
    std::string bytes;
};
std::vector<ReadFrame> read_all(CaptureFiles& files);

// Asserts that the files open.
std::unique_ptr<CaptureFiles> open_files(const std::vector<std::string>& paths);
// The error of files that must not open; fails the test when they do.
std::string open_error(const std::vector<std::string>& paths);

}  // namespace telltale::capture
