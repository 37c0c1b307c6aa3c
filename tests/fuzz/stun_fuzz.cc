// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    for (const bool cut : {false, true}) extract::fuzz::read_datagram({data, size}, 3478, cut);
    return 0;
}
