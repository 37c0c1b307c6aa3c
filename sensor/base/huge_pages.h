// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace telltale::base {

inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

// Asks the kernel to use huge pages where they fit wholly into a piece of memory (madvise(2), MADV_HUGEPAGE). This is a
// hint: without huge pages nothing changes.
inline void ask_for_huge_pages(const void* begin, std::size_t size) {
    const auto first = (reinterpret_cast<std::uintptr_t>(begin) + kHugePageBytes - 1) & ~(kHugePageBytes - 1);
    const auto last = (reinterpret_cast<std::uintptr_t>(begin) + size) & ~(kHugePageBytes - 1);
    if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

// Allocates tables that are accessed all over: with small pages every first access is a fault, and later ones are
// likely to miss the TLB.
template <typename T>
struct HugePageAllocator {
    using value_type = T;
    HugePageAllocator() = default;
    template <typename Other>
    HugePageAllocator(const HugePageAllocator<Other>&) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        if (count > (SIZE_MAX - kHugePageBytes) / sizeof(T)) throw std::bad_array_new_length();
        const std::size_t alignment = count * sizeof(T) < kHugePageBytes ? alignof(T) : kHugePageBytes;
        void* const place = ::operator new (count * sizeof(T), std::align_val_t{alignment});
        ask_for_huge_pages(place, count * sizeof(T));
        return static_cast<T*>(place);
    }
    void deallocate(T* place, std::size_t count) {
        const std::size_t alignment = count * sizeof(T) < kHugePageBytes ? alignof(T) : kHugePageBytes;
        ::operator delete (place, std::align_val_t{alignment});
    }
    friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }
};

}  // namespace telltale::base
