// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/byte_ring.h"

#include <bit>
#include <cstring>

namespace telltale::base {
namespace {

std::size_t padded(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

}  // namespace

ByteRing::ByteRing(std::size_t capacity_bytes)
    : capacity_(std::bit_ceil(capacity_bytes < 4096 ? std::size_t{4096} : capacity_bytes)),
      mask_(capacity_ - 1),
      storage_(new std::uint8_t[capacity_]()) {}

bool ByteRing::push(std::span<const std::uint8_t> record) {
    const std::size_t need = kHeader + padded(record.size());
    const std::size_t to_end = capacity_ - (write_ & mask_);
    // Records stay contiguous: if this one would wrap, a filler takes the rest of the storage.
    const std::size_t filler = need > to_end ? to_end : 0;
    if (need + filler > capacity_) return false;
    if (write_ + filler + need - head_seen_ > capacity_) {
        head_seen_ = head_.load(std::memory_order_acquire);
        if (write_ + filler + need - head_seen_ > capacity_) return false;
    }
    if (filler != 0) {
        std::memcpy(at(write_), &kFiller, sizeof kFiller);
        write_ += filler;
    }
    const auto size = static_cast<std::uint32_t>(record.size());
    std::memcpy(at(write_), &size, sizeof size);
    if (size != 0) std::memcpy(at(write_) + kHeader, record.data(), size);
    write_ += need;
    return true;
}

void ByteRing::publish() { tail_.store(write_, std::memory_order_release); }

std::span<const std::uint8_t> ByteRing::front() {
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    while (true) {
        if (head == tail_seen_) {
            tail_seen_ = tail_.load(std::memory_order_acquire);
            if (head == tail_seen_) return {};
        }
        std::uint32_t size = 0;
        std::memcpy(&size, at(head), sizeof size);
        if (size != kFiller) return {at(head) + kHeader, size};
        head += capacity_ - (head & mask_);
        head_.store(head, std::memory_order_release);
    }
}

void ByteRing::pop() {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    std::uint32_t size = 0;
    std::memcpy(&size, at(head), sizeof size);
    head_.store(head + kHeader + padded(size), std::memory_order_release);
}

std::size_t ByteRing::used_bytes() const {
    const std::uint64_t head = head_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(tail_.load(std::memory_order_acquire) - head);
}

}  // namespace telltale::base
