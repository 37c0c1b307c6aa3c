// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    telltale::extract::fuzz::check_stream({data, size}, 80);
    return 0;
}
