// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_server.h"

#include <algorithm>

namespace telltale::support {
namespace {

constexpr std::uint32_t kSequence = 0x30, kSet = 0x31, kObjectId = 0x06, kUtf8 = 0x0c, kOctets = 0x04;

// Tag, length, value in DER.
Bytes element(std::uint32_t tag, const Bytes& value) {
    ByteWriter out;
    out.u8(tag);
    if (value.size() < 0x80) {
        out.u8(static_cast<std::uint32_t>(value.size()));
    } else {
        out.u8(0x82).u16(static_cast<std::uint32_t>(value.size()));
    }
    return out.raw(value).take();
}

Bytes attribute(const char* type, const std::string& value) {
    return element(kSet, element(kSequence, element(kObjectId, from_hex(type)) + element(kUtf8, to_bytes(value))));
}

Bytes name(const std::string& common, const std::string& organisation) {
    return element(kSequence, attribute("55040a", organisation) + attribute("550403", common));
}

Bytes handshake(std::uint32_t type, const Bytes& body) {
    return ByteWriter().u8(type).u24(static_cast<std::uint32_t>(body.size())).raw(body).take();
}

}  // namespace

Bytes certificate(const CertificateNames& names) {
    Bytes alternatives;
    for (const std::string& dns : names.dns_names) alternatives = alternatives + element(0x82, to_bytes(dns));
    const Bytes extension = element(kSequence, element(kObjectId, from_hex("551d11")) + element(0x01, {0xff}) +
                                                   element(kOctets, element(kSequence, alternatives)));
    const Bytes algorithm = element(kSequence, element(kObjectId, from_hex("2a8648ce3d040302")));
    const Bytes time = element(0x17, to_bytes("260101000000Z"));
    const Bytes key = element(kSequence, algorithm + element(0x03, Bytes(66, 4)));
    const Bytes body = element(0xa0, element(0x02, {2})) + element(0x02, {1, 2, 3}) + algorithm +
                       name(names.issuer, names.issuer_organisation) + element(kSequence, time + time) +
                       name(names.subject, names.subject_organisation) + key +
                       element(0xa3, element(kSequence, extension));
    return element(kSequence, element(kSequence, body) + algorithm + element(0x03, Bytes(72, 5)));
}

Bytes server_hello(std::uint16_t version, std::uint16_t cipher, std::string_view alpn, bool retry) {
    constexpr std::uint16_t kTls13 = 0x0304;
    ByteWriter body;
    body.u16(std::min<std::uint16_t>(version, 0x0303));
    if (retry) {
        body.raw(from_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"));
    } else {
        body.pad_to(34, 'S');
    }
    body.u8(0).u16(cipher).u8(0);
    const std::size_t extensions = body.open(2);
    body.u16(0xff01).u16(1).u8(0);
    if (version == kTls13) body.u16(43).u16(2).u16(version);
    if (!alpn.empty()) {
        const auto size = static_cast<std::uint32_t>(alpn.size());
        body.u16(16).u16(size + 3).u16(size + 1).u8(size).text(alpn);
    }
    body.close(extensions, 2);
    return handshake(2, body.take());
}

Bytes certificate_message(const std::vector<Bytes>& chain) {
    ByteWriter body;
    const std::size_t list = body.open(3);
    for (const Bytes& one : chain) body.u24(static_cast<std::uint32_t>(one.size())).raw(one);
    body.close(list, 3);
    return handshake(11, body.take());
}

Bytes server_hello_done() { return handshake(14, {}); }

Bytes handshake_records(const Bytes& messages, std::size_t fragment) {
    ByteWriter out;
    for (std::size_t at = 0; at < messages.size(); at += fragment) {
        const std::size_t size = std::min(fragment, messages.size() - at);
        out.u8(22).u16(0x0303).u16(static_cast<std::uint32_t>(size)).raw(std::span(messages).subspan(at, size));
    }
    return out.take();
}

}  // namespace telltale::support
