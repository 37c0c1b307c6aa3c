// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "sensor/base/byte_reader.h"
#include "sensor/base/result.h"

namespace telltale::capture {

// The bytes of a file, a pipe or standard input ("-"), as the stdio stream that libpcap wants. Unlike a stream of the C
// library its beginning can be looked at where the input cannot be rewound, and it knows how far it was read. One
// thread.
class InputStream {
  public:
    // Errors name the path and what to do. `stop`, when given and true, ends the input where a signal interrupts a
    // wait.
    static base::Result<std::unique_ptr<InputStream>> open(const std::string& path, const std::atomic<bool>* stop);

    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;
    ~InputStream();

    // The first bytes, at most kBeginningBytes; reading them takes nothing from the stream.
    [[nodiscard]] base::Bytes beginning() const { return {beginning_.data(), beginning_size_}; }
    // A stream over all bytes; whoever gets it closes it, before this object ends, and asks it for no bytes_read() any
    // more then. Null when out of memory.
    [[nodiscard]] std::FILE* stdio_stream();

    [[nodiscard]] std::uint64_t bytes_read() const;
    [[nodiscard]] std::uint64_t bytes_total() const { return total_; }  // 0: not a regular file
    // errno of a read that failed, where it is no regular file; 0: none.
    [[nodiscard]] int read_error() const { return error_; }

    static constexpr std::size_t kBeginningBytes = 512;

  private:
    InputStream(int descriptor, std::uint64_t total, const std::atomic<bool>* stop)
        : descriptor_(descriptor), total_(total), stop_(stop) {}

    // Up to `size` bytes; 0 at the end and after an error.
    std::size_t read_some(void* place, std::size_t size);
    void read_beginning();
    std::FILE* file_stream();
    std::FILE* cookie_stream();

    int descriptor_;
    std::uint64_t total_;
    const std::atomic<bool>* stop_;
    std::uint64_t position_ = 0;
    bool by_stdio_ = false;  // a stream of the C library reads the file and closes it: position_ stands still
    int error_ = 0;
    std::array<std::uint8_t, kBeginningBytes> beginning_{};
    std::size_t beginning_size_ = 0;
};

}  // namespace telltale::capture
