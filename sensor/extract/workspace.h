// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/extract/extractors.h"

namespace telltale::extract {

// Memory that parsers write to while they read one message; nothing in it outlives the call. One a worker, allocated
// with its Extractors.
struct Workspace {
    std::array<std::uint8_t, kMaxStreamBytes> hello;  // a ClientHello put together from several records
    // Values of a ClientHello as JA4 sorts them.
    std::array<std::uint16_t, kMaxStreamBytes / 2> ciphers;
    std::array<std::uint16_t, kMaxStreamBytes / 4> extensions;
};

}  // namespace telltale::extract
