// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace telltale::base {

// A vector that grows at its end and whose items keep their addresses, in chunks of about 16 KiB. (std::deque has
// chunks of 512 bytes and allocates larger items one by one.) Only clear() removes items. Single-threaded.
template <typename T>
class StableVector {
  public:
    StableVector() = default;
    StableVector(const StableVector&) = delete;
    StableVector& operator=(const StableVector&) = delete;
    ~StableVector() { clear(); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }

    template <typename... Arguments>
    T& emplace_back(Arguments&&... arguments) {
        if (size_ == chunks_.size() * kChunk) chunks_.push_back(nullptr);
        T*& chunk = chunks_[size_ / kChunk];
        if (chunk == nullptr) chunk = std::allocator<T>().allocate(kChunk);
        T* const place = chunk + size_ % kChunk;
        std::construct_at(place, std::forward<Arguments>(arguments)...);
        ++size_;
        return *place;
    }

    void clear() {
        for (std::size_t i = 0; i < size_; ++i) std::destroy_at(&(*this)[i]);
        for (T* const chunk : chunks_) {
            if (chunk != nullptr) std::allocator<T>().deallocate(chunk, kChunk);
        }
        chunks_.clear();
        size_ = 0;
    }

    // A forward iterator for range-based loops, valid until the next change.
    template <typename Vector>
    class Iterator {
      public:
        Iterator(Vector* vector, std::size_t at) : vector_(vector), at_(at) {}
        auto& operator*() const { return (*vector_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

      private:
        Vector* vector_;
        std::size_t at_;
    };
    [[nodiscard]] auto begin() { return Iterator<StableVector>(this, 0); }
    [[nodiscard]] auto end() { return Iterator<StableVector>(this, size_); }
    [[nodiscard]] auto begin() const { return Iterator<const StableVector>(this, 0); }
    [[nodiscard]] auto end() const { return Iterator<const StableVector>(this, size_); }

  private:
    static constexpr std::size_t kChunkBytes = std::size_t{16} * 1024;
    static constexpr std::size_t kChunk = sizeof(T) >= kChunkBytes ? 1 : std::bit_floor(kChunkBytes / sizeof(T));

    std::vector<T*> chunks_;  // raw memory; the first size_ places hold items; null: not allocated yet
    std::size_t size_ = 0;
};

}  // namespace telltale::base
