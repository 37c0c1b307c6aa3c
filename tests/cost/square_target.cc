// SPDX-License-Identifier: Apache-2.0
// A parser whose cost grows with the square of its input: cost.py must find it.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    volatile unsigned sum = 0;
    for (std::size_t begin = 0; begin < size; begin += 8) {
        for (std::size_t at = begin; at < size; at += 8) sum = sum + data[at];
    }
    return 0;
}
