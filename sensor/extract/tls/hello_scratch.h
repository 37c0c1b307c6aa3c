// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/extract/protocol.h"

namespace telltale::extract::tls {

// Memory in which one hello is put together and sorted. Contents do not survive the call.
struct HelloScratch {
    std::array<std::uint8_t, kMaxStreamBytes> hello;  // of several records
    // Values of a ClientHello as JA4 sorts them.
    std::array<std::uint16_t, kMaxStreamBytes / 2> ciphers;
    std::array<std::uint16_t, kMaxStreamBytes / 4> extensions;
};

}  // namespace telltale::extract::tls
