// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <type_traits>

namespace telltale::pipeline {

// How often threads publish their counters.
inline constexpr std::chrono::milliseconds kPublishEvery{200};

// A copy of a struct that its owner's thread publishes now and then and any thread may read (a sequence lock). The
// writer never waits; a reader that meets the writer tries again: the writer needs a microsecond, a few times per
// second. Every access is atomic, so that there is no race even if a copy is discarded.
template <typename T>
class Published {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    void publish(const T& value) {
        std::array<std::uint64_t, kWords> copy{};
        std::memcpy(copy.data(), &value, sizeof value);
        const std::uint64_t turn = turn_.load(std::memory_order_relaxed);
        turn_.store(turn + 1, std::memory_order_relaxed);  // odd: being written
        // Release: who sees a new word sees that it is being written.
        for (std::size_t i = 0; i < kWords; ++i) words_[i].store(copy[i], std::memory_order_release);
        turn_.store(turn + 2, std::memory_order_release);
    }

    [[nodiscard]] T read() const {
        std::array<std::uint64_t, kWords> copy;
        for (;;) {  // ends: the writer is at rest nearly always
            const std::uint64_t before = turn_.load(std::memory_order_acquire);
            for (std::size_t i = 0; i < kWords; ++i) copy[i] = words_[i].load(std::memory_order_acquire);
            if (before % 2 == 0 && turn_.load(std::memory_order_relaxed) == before) break;
            std::this_thread::yield();
        }
        T value;
        std::memcpy(static_cast<void*>(&value), copy.data(), sizeof value);
        return value;
    }

  private:
    static constexpr std::size_t kWords = (sizeof(T) + 7) / 8;

    alignas(64) std::atomic<std::uint64_t> turn_{0};
    std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

}  // namespace telltale::pipeline
