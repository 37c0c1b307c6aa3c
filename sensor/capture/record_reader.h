// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace telltale::capture {

// One frame of a capture file. Its bytes are borrowed from the stream (InputStream).
struct Record {
    const std::uint8_t* data = nullptr;
    std::uint32_t captured_length = 0;
    std::uint32_t wire_length = 0;
    std::int64_t seconds = 0;  // as in the file; may be invalid
    std::int64_t nanoseconds = 0;
    int link_type = 0;  // libpcap's DLT_ value
};

// The outcome of reading the next record of a file. `broken`: no record after it can be read.
enum class ReadStatus : std::uint8_t { record, end, broken };

// Reads the records of one file format. Single-threaded.
class RecordReader {
  public:
    RecordReader() = default;
    RecordReader(const RecordReader&) = delete;
    RecordReader& operator=(const RecordReader&) = delete;
    virtual ~RecordReader() = default;

    // Reads the next record. If the file is broken, reason() says why, and later reads fail again.
    virtual ReadStatus read(Record& record) = 0;
    [[nodiscard]] virtual std::string_view reason() const = 0;
    // Returns how many bytes of the file the records so far have.
    [[nodiscard]] virtual std::uint64_t position() const = 0;
};

}  // namespace telltale::capture
