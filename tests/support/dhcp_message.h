// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/bytes.h"

namespace telltale::support {

enum class DhcpType : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release, inform };

// A DHCPv4 message (RFC 2131); options in the order of the calls (RFC 2132). The payload of UDP 68 -> 67 or back.
class DhcpMessage {
  public:
    DhcpMessage(DhcpType type, std::uint32_t transaction_id, Mac client);  // a client's message; option 53 comes first
    DhcpMessage& reply() { return op_ = 2, *this; }                        // a server's message
    DhcpMessage& broadcast() { return flags_ = 0x8000, *this; }
    DhcpMessage& seconds(std::uint16_t value) { return seconds_ = value, *this; }
    DhcpMessage& client_address(Ip ip) { return client_ip_ = ip, *this; }
    DhcpMessage& your_address(Ip ip) { return your_ip_ = ip, *this; }

    DhcpMessage& option(std::uint8_t code, std::span<const std::uint8_t> value);
    DhcpMessage& option(std::uint8_t code, std::string_view text);
    DhcpMessage& address_option(std::uint8_t code, Ip ip) { return option(code, ip.bytes()); }
    DhcpMessage& number_option(std::uint8_t code, std::uint32_t value);  // four octets
    DhcpMessage& parameter_list(std::span<const std::uint8_t> codes) { return option(55, codes); }
    DhcpMessage& host_name(std::string_view name) { return option(12, name); }
    DhcpMessage& vendor_class(std::string_view name) { return option(60, name); }
    DhcpMessage& client_id();  // 61: hardware type 1 and the client's MAC
    DhcpMessage& requested_address(Ip ip) { return address_option(50, ip); }
    DhcpMessage& server_id(Ip ip) { return address_option(54, ip); }
    DhcpMessage& max_size(std::uint16_t octets);  // 57
    DhcpMessage& fqdn(std::string_view name);     // 81, RFC 4702, ASCII form

    // With the end option, padded to 300 octets as BOOTP requires. `end` false leaves the end option out.
    Bytes bytes(bool end = true) const;

  private:
    std::uint8_t op_ = 1;
    std::uint32_t transaction_id_;
    std::uint16_t seconds_ = 0, flags_ = 0;
    Ip client_ip_, your_ip_;
    Mac client_;
    ByteWriter options_;
};

}  // namespace telltale::support
