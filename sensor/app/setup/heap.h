// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace telltale::app {

// Lets the heap grow by a large step at once and asks the kernel for huge pages there (madvise(2), MADV_HUGEPAGE):
// tables of flows and devices are touched all over, and on small pages each first touch is a fault, each later one a
// likely miss of the TLB. Once, before large tables are made. A hint: without huge pages, with another allocator, or
// where data or address space are limited (setrlimit(2)), nothing changes.
void prepare_heap();

}  // namespace telltale::app
