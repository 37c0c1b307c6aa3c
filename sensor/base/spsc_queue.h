// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <vector>

namespace telltale::base {

// A bounded queue of small values between exactly one producer and one consumer thread. Takes no locks, and allocates
// only in its constructor. The capacity is rounded up to a power of two.
template <typename T>
class SpscQueue {
  public:
    explicit SpscQueue(std::size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

    [[nodiscard]] bool push(T value) {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_seen_ == slots_.size()) {
            head_seen_ = head_.load(std::memory_order_acquire);
            if (tail - head_seen_ == slots_.size()) return false;
        }
        slots_[tail & mask_] = value;
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }

    [[nodiscard]] bool pop(T& value) {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (head == tail_seen_) {
            tail_seen_ = tail_.load(std::memory_order_acquire);
            if (head == tail_seen_) return false;
        }
        value = slots_[head & mask_];
        head_.store(head + 1, std::memory_order_release);
        return true;
    }

  private:
    std::vector<T> slots_;
    std::size_t mask_;
    alignas(64) std::atomic<std::size_t> tail_{0};
    std::size_t head_seen_ = 0;  // producer: head_ when last read
    alignas(64) std::atomic<std::size_t> head_{0};
    std::size_t tail_seen_ = 0;  // consumer: tail_ when last read
};

}  // namespace telltale::base
