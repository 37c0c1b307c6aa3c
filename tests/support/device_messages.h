// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/support/bytes.h"

// First messages of small protocols, as devices send them. The contents are made up.
namespace telltale::support {

// A ClientHello of DTLS 1.2 for `host`, in fragments of `fragment` bytes, one per datagram. `cookie`: the one that the
// server sent.
std::vector<Bytes> dtls_hello(std::string_view host, std::size_t fragment = 4096, std::string_view cookie = {});
// A client's first packets of OpenVPN: the reset, an acknowledgement, and `tls` in control packets of `payload` bytes,
// each with `hmac` bytes of tls-auth (0: without).
std::vector<Bytes> openvpn_client(const Bytes& tls, std::size_t payload = 1200, std::size_t hmac = 0);
// Under tls-crypt.
std::vector<Bytes> openvpn_encrypted_client();
// As sent over TCP.
Bytes openvpn_stream(const std::vector<Bytes>& packets);
// A TURN answer that asks for credentials.
Bytes stun_unauthorized(std::string_view realm, std::string_view software);
Bytes stun_binding();
Bytes coap_get(std::string_view host, const std::vector<std::string_view>& path);
Bytes miio_hello();
Bytes miio_answer(std::uint32_t device);
enum class TuyaSecrecy : std::uint8_t { clear, blocks, sealed };  // to 3.1, 3.2 to 3.4, 3.5
Bytes tuya_announcement(std::string_view id, std::string_view product_key, TuyaSecrecy secrecy = TuyaSecrecy::clear);
Bytes mqtt_connect(std::string_view client, std::string_view user, std::uint8_t version = 4);
Bytes mipush_connect(std::string_view model, std::string_view system, std::string_view id);
Bytes lldp_announcement(std::string_view name, std::string_view description);
Bytes cdp_announcement(std::string_view name, std::string_view platform);

}  // namespace telltale::support
