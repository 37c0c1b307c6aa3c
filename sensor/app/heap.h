// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace telltale::app {

// Lets the heap grow in large steps and asks the kernel for huge pages there (madvise(2), MADV_HUGEPAGE): tables of
// flows and devices are touched all over, and on small pages each first touch is a fault, each later one a likely miss
// of the TLB. Once, before large tables are made. A hint: without huge pages, or with another allocator, nothing
// changes.
void prepare_heap();

}  // namespace telltale::app
