// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

// The first byte chooses: a stream in segments of its size, or datagrams, each behind its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    if (size == 0) return 0;
    if (data[0] != 0) {
        extract::fuzz::check_stream({data, size}, 1194);
    } else {
        extract::fuzz::read_datagrams({data + 1, size - 1}, 1194);
    }
    return 0;
}
