// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/heap.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "sensor/base/huge_pages.h"

namespace telltale::app {
namespace {

bool limited(decltype(RLIMIT_DATA) resource) {
    rlimit limit{};
    return getrlimit(resource, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

void prepare_heap() {
    constexpr int kFirstStepBytes = 128 << 20;  // of address space: memory is allocated on first access
    constexpr int kStepBytes = 1 << 20;         // after that
    constexpr int kMappedBytes = 8 << 20;       // larger blocks are mapped separately and request huge pages themselves
    constexpr std::size_t kAnyBytes = 1 << 20;  // more than is left on the heap
    // With limited address space, none is reserved.
    if (limited(RLIMIT_DATA) || limited(RLIMIT_AS)) return;
    const auto* const before = static_cast<const char*>(sbrk(0));
    // Freed memory stays with the heap.
    const bool ours = mallopt(M_TOP_PAD, kFirstStepBytes) == 1 && mallopt(M_MMAP_THRESHOLD, kMappedBytes) == 1 &&
                      mallopt(M_TRIM_THRESHOLD, 2 * kFirstStepBytes) == 1;
    if (!ours) return;
    void* volatile const grown = std::malloc(kAnyBytes);  // volatile: else the compiler removes the unused allocation
    std::free(grown);
    static_cast<void>(mallopt(M_TOP_PAD, kStepBytes));
    base::ask_for_huge_pages(before, static_cast<std::size_t>(static_cast<const char*>(sbrk(0)) - before));
}

}  // namespace telltale::app
