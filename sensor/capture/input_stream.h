// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "sensor/base/byte_reader.h"
#include "sensor/base/result.h"

namespace telltale::capture {

// The bytes of a file, a pipe or standard input ("-"), read in large blocks and handed out where they lie: what is read
// from a file is copied once, by the kernel. Its beginning can be looked at where the input cannot be rewound. One
// thread.
//
// Bytes are borrowed for a turn: what look() gave, also in earlier turns and while it was not skipped, stays in place
// until the turn after the one that skipped it.
class InputStream {
  public:
    // Errors name the path and what to do. `stop`, when given and true, ends the input where a signal interrupts a
    // wait.
    static base::Result<std::unique_ptr<InputStream>> open(const std::string& path, const std::atomic<bool>* stop);

    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;
    ~InputStream();

    // The first bytes, at most kBeginningBytes; taking them from the stream changes nothing here.
    [[nodiscard]] base::Bytes beginning() const { return {beginning_.data(), beginning_size_}; }

    // The bytes behind those that were skipped, in one piece: at least `wanted`, and fewer only where the input ends.
    // Memory is `wanted` at most beyond what the input has.
    [[nodiscard]] base::Bytes look(std::size_t wanted) {
        if (wanted > end_ - at_) [[unlikely]]
            fetch(wanted);
        return {block_.bytes.get() + at_, end_ - at_};
    }
    // Takes `size` bytes, of which look() gave at least as many.
    void skip(std::size_t size) { at_ += size; }
    // Another turn, with a higher number: what was skipped in the turns before may be overwritten.
    void begin_turn(std::uint64_t turn) { turn_ = turn; }
    // What is kept in place for this turn alone, in bytes: a reader that lets a turn grow watches it.
    [[nodiscard]] std::size_t bytes_held() const { return held_turn_ == turn_ ? held_bytes_ : 0; }

    [[nodiscard]] std::uint64_t position() const { return block_position_ + at_; }  // what was skipped, in bytes
    [[nodiscard]] std::uint64_t bytes_read() const { return block_position_ + end_; }
    [[nodiscard]] std::uint64_t bytes_total() const { return total_; }  // 0: not a regular file
    // errno of a read that failed; 0: none.
    [[nodiscard]] int read_error() const { return error_; }

    static constexpr std::size_t kBeginningBytes = 512;
    static constexpr std::size_t kBlockBytes = std::size_t{128} * 1024;

  private:
    struct Block {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::size_t capacity = 0;
        std::uint64_t turn = 0;  // the last one that may borrow from it
    };

    InputStream(int descriptor, std::uint64_t total, const std::atomic<bool>* stop)
        : descriptor_(descriptor), total_(total), stop_(stop) {}

    void fetch(std::size_t wanted);
    void change_block(std::size_t wanted);
    [[nodiscard]] Block spare_block(std::size_t wanted);
    // Up to `size` bytes; 0 at the end and after an error.
    std::size_t read_some(void* place, std::size_t size);

    int descriptor_;
    std::uint64_t total_;
    const std::atomic<bool>* stop_;
    int error_ = 0;
    bool ended_ = false;

    Block block_;
    std::size_t at_ = 0;   // in block_: what was skipped
    std::size_t end_ = 0;  // in block_: what was read
    std::uint64_t block_position_ = 0;
    std::deque<Block> left_;  // oldest first
    std::uint64_t turn_ = 0;
    std::uint64_t held_turn_ = 0;
    std::size_t held_bytes_ = 0;

    std::array<std::uint8_t, kBeginningBytes> beginning_{};
    std::size_t beginning_size_ = 0;
};

}  // namespace telltale::capture
