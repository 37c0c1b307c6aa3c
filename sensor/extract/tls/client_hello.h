// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/protocol.h"

namespace telltale::extract::tls {

// Extension types that are read (IANA, "TLS ExtensionType Values").
inline constexpr std::uint16_t kServerName = 0;            // RFC 6066 section 3
inline constexpr std::uint16_t kSupportedGroups = 10;      // RFC 8422 section 5.1.1
inline constexpr std::uint16_t kPointFormats = 11;         // RFC 8422 section 5.1.2
inline constexpr std::uint16_t kSignatureAlgorithms = 13;  // RFC 8446 section 4.2.3
inline constexpr std::uint16_t kAlpn = 16;                 // RFC 7301 section 3.1
inline constexpr std::uint16_t kSupportedVersions = 43;    // RFC 8446 section 4.2.1
inline constexpr std::uint16_t kEncryptedHello = 0xfe0d;   // RFC 9849 section 5

// Values that clients send to keep servers tolerant: 0x0a0a, 0x1a1a, .. 0xfafa (RFC 8701).
constexpr bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff); }

// A ClientHello's parts, borrowed from its bytes. Lists are without their length prefix and hold whole elements only.
struct ClientHello {
    std::uint16_t legacy_version = 0;
    base::Bytes ciphers;               // u16 each
    base::Bytes extensions;            // u16 type, u16 length, body; all of them sound
    base::Bytes groups;                // u16 each
    base::Bytes point_formats;         // u8 each
    base::Bytes signature_algorithms;  // u16 each
    base::Bytes supported_versions;    // u16 each
    base::Bytes alpn;                  // u8 length, name
    std::string_view server_name;      // the first of type host_name
    bool has_server_name = false;      // the extension is there, if empty
    bool has_encrypted_hello = false;
    bool complete = false;  // nothing is missing at its end

    // The highest version that the client offers, without GREASE: of supported_versions if it is there. DTLS counts
    // downwards.
    [[nodiscard]] std::uint16_t highest_version() const;
};

// Whether a hello has a cookie behind its session id: DTLS's has (RFC 6347 section 4.2.1).
enum class Cookie : std::uint8_t { no, yes };

// Reads the body of a ClientHello (what follows the handshake header). With `cut` a missing end is no error: what
// precedes it is read. Returns the reason if it is malformed.
std::optional<Malformed> read_client_hello(base::Bytes body, bool cut, ClientHello& hello, Cookie cookie = Cookie::no);

}  // namespace telltale::extract::tls
