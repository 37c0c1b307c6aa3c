// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/extract/tls/client_hello.h"

namespace telltale::extract::tls {

// Fingerprints of a whole hello as text; they live where they are put and allocate nothing.

// MD5 of "version,ciphers,extensions,groups,point formats" in decimal, GREASE left out
// (https://github.com/salesforce/ja3). 32 hexadecimal digits.
using Ja3Text = std::array<char, 32>;
void write_ja3(const ClientHello& hello, Ja3Text& out);

// JA3S: MD5 of "version,cipher,extensions" of a ServerHello, in decimal (the same source). `extensions` as in
// ClientHello.
void write_ja3s(std::uint16_t legacy_version, std::uint16_t cipher, base::Bytes extensions, Ja3Text& out);

// JA4, TLS client, as in FoxIO's technical_details/JA4.md (BSD 3-clause): for instance
// t13d1516h2_8daaf6152771_e5627efa2ab1. `transport` is t for TCP, q for QUIC, d for DTLS. The spans are working space,
// large enough for the hello's ciphers and extensions.
using Ja4Text = std::array<char, 36>;
void write_ja4(const ClientHello& hello, char transport, std::span<std::uint16_t> ciphers,
               std::span<std::uint16_t> extensions, Ja4Text& out);

}  // namespace telltale::extract::tls
