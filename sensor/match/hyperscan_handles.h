// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hs.h>

#include <cstddef>
#include <memory>

namespace telltale::match {

// Hyperscan 5.4 reads up to 32 bytes behind a text on processors with AVX512-VBMI (VectorCamp/vectorscan#322): so much
// memory has to be there behind every text that is scanned.
inline constexpr std::size_t kReadBehind = 64;

// Owners of what the library allocates. Internal to this folder: public headers stay free of the library.
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
