// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace telltale::app {

// Grows the heap by a large step and requests huge pages for it (madvise(2), MADV_HUGEPAGE): tables of flows and
// devices are accessed at random, and with small pages each first access is a fault and each later one a likely TLB
// miss. Called once, before large tables are created. A hint: without huge pages, with another allocator, or if data or
// address space are limited (setrlimit(2)), nothing changes.
void prepare_heap();

}  // namespace telltale::app
