// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dhcp_message.h"

namespace telltale::support {

DhcpMessage::DhcpMessage(DhcpType type, std::uint32_t transaction_id, Mac client)
    : transaction_id_(transaction_id), client_(client) {
    options_.u8(53).u8(1).u8(static_cast<std::uint32_t>(type));
}

DhcpMessage& DhcpMessage::option(std::uint8_t code, std::span<const std::uint8_t> value) {
    options_.u8(code).u8(static_cast<std::uint32_t>(value.size())).raw(value);
    return *this;
}

DhcpMessage& DhcpMessage::option(std::uint8_t code, std::string_view text) { return option(code, to_bytes(text)); }

DhcpMessage& DhcpMessage::number_option(std::uint8_t code, std::uint32_t value) {
    return option(code, ByteWriter().u32(value).take());
}

DhcpMessage& DhcpMessage::client_id() { return option(61, ByteWriter().u8(1).raw(client_.octets).take()); }

DhcpMessage& DhcpMessage::max_size(std::uint16_t octets) { return option(57, ByteWriter().u16(octets).take()); }

DhcpMessage& DhcpMessage::fqdn(std::string_view name) { return option(81, ByteWriter().zeros(3).text(name).take()); }

Bytes DhcpMessage::bytes(bool end) const {
    ByteWriter out;
    out.u8(op_).u8(1).u8(6).u8(0).u32(transaction_id_).u16(seconds_).u16(flags_);
    out.raw(client_ip_.bytes()).raw(your_ip_.bytes()).zeros(8);  // server and relay addresses
    out.raw(client_.octets).zeros(10).zeros(192).u32(0x63825363).raw(options_.bytes());
    if (end) out.u8(255);
    return out.pad_to(300).take();
}

}  // namespace telltale::support
