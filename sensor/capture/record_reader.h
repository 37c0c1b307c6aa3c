// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace telltale::capture {

// One frame as a capture file holds it; its bytes are borrowed from the stream (InputStream).
struct Record {
    const std::uint8_t* data = nullptr;
    std::uint32_t captured_length = 0;
    std::uint32_t wire_length = 0;
    std::int64_t seconds = 0;  // as written: may be impossible
    std::int64_t nanoseconds = 0;
    int link_type = 0;  // libpcap's DLT_ value
};

enum class ReadStatus : std::uint8_t { record, end, broken };

// What reads the records of one file format. One thread.
class RecordReader {
  public:
    RecordReader() = default;
    RecordReader(const RecordReader&) = delete;
    RecordReader& operator=(const RecordReader&) = delete;
    virtual ~RecordReader() = default;

    // The next record; when the file is broken reason() says why, and every later read says the same.
    virtual ReadStatus read(Record& record) = 0;
    [[nodiscard]] virtual std::string_view reason() const = 0;
    // How far the records were read, in bytes of the file.
    [[nodiscard]] virtual std::uint64_t position() const = 0;
};

}  // namespace telltale::capture
