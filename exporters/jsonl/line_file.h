// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "exporters/line_output.h"

namespace telltale::jsonl {

// Lines into a file, or "-" for standard output; buffered. Only whole lines are handed to the system; when the disk is
// full, a line that was written in part is cut off a regular file again. A closed pipe is an error like others: the
// program must ignore SIGPIPE. The file is readable only for its owner, because it describes people's devices.
class LineFile final : public exporters::LineOutput {
  public:
    static constexpr std::size_t kBufferBytes = 256 * 1024;

    // Decides about the content of an existing file.
    enum class Existing : std::uint8_t {
        replace,  // it goes at once
        keep,     // it stays until start_over(): so that several outputs can be opened before one is emptied
        append,   // lines are added to it; a line that was left unfinished is ended first
    };
    static base::Result<std::unique_ptr<LineFile>> open(const std::string& path, Existing existing = Existing::replace);
    // Takes a descriptor over; `name` is what messages call it.
    LineFile(int descriptor, std::string name, bool owned);
    ~LineFile() override;  // flushes; an error here is lost: flush() before
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    // Before the first line: empties a regular file.
    base::Status start_over();
    base::Status write_line(std::string_view line) override;
    base::Status flush() override;
    [[nodiscard]] bool failed() const override { return failed_; }

  private:
    base::Status fail(int error_number, std::size_t written);

    int descriptor_;
    std::string name_;
    bool owned_;
    bool failed_ = false;
    std::string buffer_;
};

}  // namespace telltale::jsonl
