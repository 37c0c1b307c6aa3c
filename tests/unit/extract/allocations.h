// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace telltale::extract {

// Allocations of this program so far, by new and by OpenSSL.
std::size_t allocation_count();

// Whether OpenSSL took our functions: it does only before its first allocation.
bool counts_openssl();

}  // namespace telltale::extract
