// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const bool cut : {false, true}) {
        const auto records = telltale::extract::fuzz::read_datagram({data, size}, 67, cut);
        telltale::extract::fuzz::require(records.size() <= 1);
    }
    return 0;
}
