// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/bytes.h"

namespace telltale::support {

// An encoded NetBIOS name: a label of 32 letters, and the end (RFC 1001 section 14.1).
inline Bytes netbios_name(std::string_view name, std::uint8_t suffix) {
    std::string padded(name.substr(0, 15));
    padded.resize(15, ' ');
    padded += static_cast<char>(suffix);
    ByteWriter out;
    out.u8(32);
    for (const char letter : padded) {
        const auto octet = static_cast<std::uint8_t>(letter);
        out.u8('A' + (octet >> 4U)).u8('A' + (octet & 0xfU));
    }
    return out.u8(0).take();
}

// A name query, or with `address` a registration (RFC 1002 sections 4.2.12 and 4.2.2).
inline Bytes netbios_message(std::string_view name, std::uint8_t suffix, const Bytes& address = {}) {
    ByteWriter out;
    const bool registers = !address.empty();
    out.u16(0x1234).u16(registers ? 0x2910 : 0x0110).u16(1).u16(0).u16(0).u16(registers ? 1 : 0);
    out.raw(netbios_name(name, suffix)).u16(0x20).u16(1);
    if (registers) out.u16(0xc00c).u16(0x20).u16(1).u32(300'000).u16(6).u16(0).raw(address);
    return out.take();
}

}  // namespace telltale::support
