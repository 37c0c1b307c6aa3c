// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_reader.h"

namespace telltale::extract::tls {

// TLS records and handshake messages, as the sniffers and readers of TLS, QUIC and OpenVPN look at them.
inline constexpr std::uint8_t kHandshakeRecord = 22;
inline constexpr std::size_t kRecordHeaderBytes = 5;  // type, version, u16 length (RFC 8446 section 5.1)
// RFC 5246 section 6.2.3; RFC 8446 allows less.
inline constexpr std::size_t kMaxRecordBody = (1U << 14) + 2048;

inline constexpr std::uint8_t kClientHello = 1, kServerHello = 2, kCertificate = 11;

// The length that a record header states.
constexpr std::size_t record_body_bytes(base::Bytes record) { return base::u16_at(record, 3); }

// The header of a handshake message (RFC 8446 section 4): type, u24 length.
struct HandshakeHeader {
    static constexpr std::size_t kBytes = 4;

    std::uint8_t type = 0;
    std::size_t message_bytes = 0;  // with this header

    // False if the bytes do not hold a header.
    [[nodiscard]] constexpr bool read(base::Bytes bytes) {
        base::ByteReader reader(bytes);
        std::uint32_t length = 0;
        if (!reader.read_u8(type) || !reader.read_u24(length)) return false;
        message_bytes = kBytes + length;
        return true;
    }
};

// Whether the record in clear begins with a hello: encrypted handshake records have arbitrary bytes there. `record`
// holds at least kBytesOfHelloStart.
inline constexpr std::size_t kBytesOfHelloStart = kRecordHeaderBytes + HandshakeHeader::kBytes + 2;
constexpr bool looks_like_hello(base::Bytes record) {
    constexpr std::size_t kLength = kRecordHeaderBytes + 1, kVersion = kRecordHeaderBytes + HandshakeHeader::kBytes;
    return base::u8_at(record, kLength) == 0 && base::u8_at(record, kVersion) == 3;
}

}  // namespace telltale::extract::tls
