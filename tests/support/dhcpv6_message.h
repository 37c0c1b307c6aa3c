// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tests/support/bytes.h"

namespace telltale::support {

// A DHCPv6 message of a client, as UDP payload (RFC 8415); options in the order of the calls.
class Dhcpv6Message {
  public:
    Dhcpv6Message(std::uint8_t type, std::uint32_t transaction) { out_.u8(type).u24(transaction); }

    Dhcpv6Message& option(std::uint16_t code, std::span<const std::uint8_t> value) {
        out_.u16(code).u16(static_cast<std::uint32_t>(value.size())).raw(value);
        return *this;
    }
    // DUID-LL (RFC 8415 section 11.4).
    Dhcpv6Message& client(std::span<const std::uint8_t> mac) {
        return option(1, ByteWriter().u16(3).u16(1).raw(mac).bytes());
    }
    Dhcpv6Message& wants(const std::vector<std::uint16_t>& codes) {
        ByteWriter list;
        for (const std::uint16_t code : codes) list.u16(code);
        return option(6, list.bytes());
    }
    Dhcpv6Message& vendor_class(std::uint32_t enterprise, std::string_view text) {
        return option(16, ByteWriter().u32(enterprise).u16(static_cast<std::uint32_t>(text.size())).text(text).bytes());
    }
    [[nodiscard]] Bytes bytes() const { return out_.bytes(); }
    // The same, forwarded by a relay (section 19.1).
    [[nodiscard]] Bytes relayed() const {
        const Bytes& inner = out_.bytes();
        return ByteWriter()
            .u8(12)
            .u8(0)
            .zeros(32)
            .u16(9)
            .u16(static_cast<std::uint32_t>(inner.size()))
            .raw(inner)
            .take();
    }

  private:
    ByteWriter out_;
};

}  // namespace telltale::support
