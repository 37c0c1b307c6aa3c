// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hs.h>

#include <cstddef>
#include <memory>

namespace telltale::match {

// Hyperscan 5.4 reads up to 32 bytes past a text on processors with AVX512-VBMI (VectorCamp/vectorscan#322): that much
// memory must follow every scanned text.
inline constexpr std::size_t kReadBehind = 64;

// Owners of the library's allocations. Internal to this folder: its public headers do not include the library.
struct DatabaseDeleter {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
};
using DatabaseHandle = std::unique_ptr<hs_database_t, DatabaseDeleter>;

struct ScratchDeleter {
    void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using ScratchHandle = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

struct CompileErrorDeleter {
    void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using CompileErrorHandle = std::unique_ptr<hs_compile_error_t, CompileErrorDeleter>;

}  // namespace telltale::match
