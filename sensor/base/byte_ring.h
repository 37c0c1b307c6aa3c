// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace telltale::base {

// A bounded ring of byte records between exactly one producer thread and one consumer thread. No locks, no allocation
// after construction. A record is stored whole and contiguous (a filler closes the gap at the wrap), 8-byte aligned.
// The capacity is a power of two of at least 4 KiB; a record takes its size rounded up to 8 plus 8 bytes.
class ByteRing {
  public:
    explicit ByteRing(std::size_t capacity_bytes);

    // Producer: copies `record` in; false when it does not fit now (nothing is written). Visible to the consumer after
    // publish(), so that a batch costs one release store.
    [[nodiscard]] bool push(std::span<const std::uint8_t> record);
    void publish();

    // Consumer: the oldest published record, borrowed until pop(); empty when there is none.
    [[nodiscard]] std::span<const std::uint8_t> front();
    void pop();

    [[nodiscard]] std::size_t capacity_bytes() const { return capacity_; }
    // Bytes in use as of the last publish and pop; from any thread, for metrics.
    [[nodiscard]] std::size_t used_bytes() const;

  private:
    static constexpr std::size_t kHeader = 8;
    static constexpr std::uint32_t kFiller = 0xffffffff;

    std::uint8_t* at(std::uint64_t position) { return storage_.get() + (position & mask_); }

    std::size_t capacity_;
    std::uint64_t mask_;
    std::unique_ptr<std::uint8_t[]> storage_;

    alignas(64) std::atomic<std::uint64_t> tail_{0};  // written by the producer
    std::uint64_t write_ = 0;                         // producer: written, not yet published
    std::uint64_t head_seen_ = 0;                     // producer's last look at head_

    alignas(64) std::atomic<std::uint64_t> head_{0};  // written by the consumer
    std::uint64_t tail_seen_ = 0;                     // consumer's last look at tail_
};

}  // namespace telltale::base
