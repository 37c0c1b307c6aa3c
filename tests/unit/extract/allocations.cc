// SPDX-License-Identifier: Apache-2.0
// In a file of its own: inlined, GCC takes the two halves of a replaced pair for a mismatch.
#include "tests/unit/extract/allocations.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

void* counted_malloc(std::size_t size, const char*, int) {
    ++allocations;
    return std::malloc(size);
}
void* counted_realloc(void* block, std::size_t size, const char*, int) {
    ++allocations;
    return std::realloc(block, size);
}
void plain_free(void* block, const char*, int) { std::free(block); }

const int taken = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, plain_free);

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* block = std::malloc(size)) return block;
    throw std::bad_alloc();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace telltale::extract {

std::size_t allocation_count() { return allocations; }
bool counts_openssl() { return taken == 1; }

}  // namespace telltale::extract
