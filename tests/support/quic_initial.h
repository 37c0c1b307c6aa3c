// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/bytes.h"

namespace telltale::support {

// Keys of a client's Initials (RFC 9001 section 5.2), derived independently of the sensor's code.
struct QuicKeys {
    Bytes key, nonce, header;
};
QuicKeys quic_client_keys(std::uint32_t version, const Bytes& connection_id);

// A piece of the CRYPTO stream.
struct CryptoPiece {
    std::size_t offset = 0, size = 0;
};

// A client's Initial packet, protected, with these pieces of `handshake` in CRYPTO frames; `frames_before` and padding
// to 1,162 bytes around them.
struct QuicInitial {
    std::uint32_t version = 1;
    Bytes connection_id = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};
    Bytes token = {};
    Bytes header_id = {};  // in the header, if it differs from the one that the keys are derived from
    std::uint32_t number = 0;
    Bytes frames_before = {};
    std::size_t padded_frames = 1162;

    [[nodiscard]] Bytes packet(const Bytes& handshake, const std::vector<CryptoPiece>& pieces) const;
    // The same with frames as given.
    [[nodiscard]] Bytes packet_of(const Bytes& frames) const;
};

// Divides `size` bytes into `count` pieces as evenly as possible.
std::vector<CryptoPiece> crypto_pieces(std::size_t size, std::size_t count);

// Google's CHLO in clear, Q043 and before: server name and user agent.
Bytes google_hello(const std::string& version, const std::string& server_name, const std::string& user_agent);

}  // namespace telltale::support
