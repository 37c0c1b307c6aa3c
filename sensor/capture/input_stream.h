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

// The bytes of a file, a pipe or standard input ("-"), read in large blocks and borrowed from them, so that only the
// kernel copies them. The beginning can be examined even if the input cannot be rewound. Single-threaded.
//
// Bytes are borrowed for a turn: what look() returned, in this or an earlier turn, stays in place until the end of the
// turn in which it was skipped.
class InputStream {
  public:
    // Errors name the path and the remedy. If `stop` is given and true, a signal that interrupts a wait ends the input.
    static base::Result<std::unique_ptr<InputStream>> open(const std::string& path, const std::atomic<bool>* stop);

    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;
    ~InputStream();

    // Returns the first bytes, at most kBeginningBytes. Reading on does not change them.
    [[nodiscard]] base::Bytes beginning() const { return {beginning_.data(), beginning_size_}; }

    // Returns the next bytes, contiguous: at least `wanted`, unless the input ends earlier. Allocates at most `wanted`
    // bytes more than the input has.
    [[nodiscard]] base::Bytes look(std::size_t wanted) {
        if (wanted > end_ - at_) [[unlikely]]
            fetch(wanted);
        return {block_.bytes.get() + at_, end_ - at_};
    }
    // Skips `size` bytes, which look() has returned.
    void skip(std::size_t size) { at_ += size; }
    // Starts a turn with a higher number. What was skipped in earlier turns may be overwritten.
    void begin_turn(std::uint64_t turn) { turn_ = turn; }
    // Returns how many bytes are kept in place for this turn alone, so that a reader can bound it.
    [[nodiscard]] std::size_t bytes_held() const { return held_turn_ == turn_ ? held_bytes_ : 0; }

    [[nodiscard]] std::uint64_t position() const { return block_position_ + at_; }  // bytes skipped
    [[nodiscard]] std::uint64_t bytes_read() const { return block_position_ + end_; }
    [[nodiscard]] std::uint64_t bytes_total() const { return total_; }  // 0: not a regular file
    // Returns the errno of a failed read; 0: none failed.
    [[nodiscard]] int read_error() const { return error_; }

    static constexpr std::size_t kBeginningBytes = 512;
    static constexpr std::size_t kBlockBytes = std::size_t{128} * 1024;

  private:
    struct Block {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::size_t capacity = 0;
        std::uint64_t turn = 0;  // the last turn that may borrow from it
    };

    InputStream(int descriptor, std::uint64_t total, const std::atomic<bool>* stop)
        : descriptor_(descriptor), total_(total), stop_(stop) {}

    void fetch(std::size_t wanted);
    void change_block(std::size_t wanted);
    [[nodiscard]] Block spare_block(std::size_t wanted);
    // Reads up to `size` bytes. Returns 0 at the end and after an error.
    std::size_t read_some(void* place, std::size_t size);

    int descriptor_;
    std::uint64_t total_;
    const std::atomic<bool>* stop_;
    int error_ = 0;
    bool ended_ = false;

    Block block_;
    std::size_t at_ = 0;   // in block_: end of the skipped bytes
    std::size_t end_ = 0;  // in block_: end of the bytes read
    std::uint64_t block_position_ = 0;
    std::deque<Block> left_;  // oldest first
    std::uint64_t turn_ = 0;
    std::uint64_t held_turn_ = 0;
    std::size_t held_bytes_ = 0;

    std::array<std::uint8_t, kBeginningBytes> beginning_{};
    std::size_t beginning_size_ = 0;
};

}  // namespace telltale::capture
