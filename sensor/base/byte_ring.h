// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace telltale::base {

// A bounded ring of byte records between exactly one producer thread and one consumer thread. Takes no locks, and
// allocates only in its constructor. A record is contiguous and 8-byte aligned; a filler closes the gap at the wrap.
// The capacity is a power of two of at least 4 KiB. A record takes its size, rounded up to 8, plus 8 bytes.
class ByteRing {
  public:
    explicit ByteRing(std::size_t capacity_bytes);

    // Producer: copies `record` in. Returns false and writes nothing if it does not fit now. The consumer sees it after
    // publish(), so that a batch costs one release store.
    [[nodiscard]] bool push(std::span<const std::uint8_t> record);
    void publish();

    // Consumer: returns the oldest published record, borrowed until pop(); empty if the ring is.
    [[nodiscard]] std::span<const std::uint8_t> front();
    void pop();

    [[nodiscard]] std::size_t capacity_bytes() const { return capacity_; }
    // Returns the bytes in use as of the last publish and pop. For metrics; callable from any thread.
    [[nodiscard]] std::size_t used_bytes() const;

  private:
    static constexpr std::size_t kHeader = 8;
    static constexpr std::uint32_t kFiller = 0xffffffff;

    std::uint8_t* at(std::uint64_t position) { return storage_.get() + (position & mask_); }

    std::size_t capacity_;
    std::uint64_t mask_;
    std::unique_ptr<std::uint8_t[]> storage_;

    alignas(64) std::atomic<std::uint64_t> tail_{0};  // written by the producer
    std::uint64_t write_ = 0;                         // producer: end of what is written, published or not
    std::uint64_t head_seen_ = 0;                     // producer: head_ when last read

    alignas(64) std::atomic<std::uint64_t> head_{0};  // written by the consumer
    std::uint64_t tail_seen_ = 0;                     // consumer: tail_ when last read
};

}  // namespace telltale::base
