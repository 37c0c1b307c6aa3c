// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dtls/dtls.h"

#include <algorithm>

#include "sensor/extract/tls/client_hello.h"
#include "sensor/extract/tls/handshake.h"
#include "sensor/extract/tls/hello_record.h"

namespace telltale::extract::dtls {
namespace {

using base::ByteReader;
using base::Bytes;
using quic::CryptoStream;

constexpr std::uint16_t kVersion10 = 0xfeff, kVersion12 = 0xfefd, kVersionBefore = 0x0100;
constexpr std::size_t kHandshakeHeaderBytes = 12;
constexpr std::size_t kMinHelloBytes = 2 + 32 + 1 + 1 + 2;  // version, random, session id, cookie, ciphers

constexpr bool is_version(std::uint16_t version) {
    return version == kVersion10 || version == kVersion12 || version == kVersionBefore;
}

// A handshake message's fragment (RFC 6347 section 4.2.2).
struct Fragment {
    std::uint32_t message_bytes = 0;
    std::uint32_t offset = 0;
    Bytes bytes;
};

// The next fragment of a hello; false at the end and where something else begins.
bool read_fragment(ByteReader& datagram, ByteReader& record, Fragment& fragment) {
    if (record.empty()) {
        std::uint8_t type = 0;
        std::uint16_t version = 0, epoch = 0;
        if (!datagram.read_u8(type) || !datagram.read_u16(version) || !datagram.read_u16(epoch) || !datagram.skip(6) ||
            !datagram.read_sub_u16(record)) {
            return false;
        }
        if (type != tls::kHandshakeRecord || !is_version(version) || epoch != 0) return false;
    }
    std::uint8_t type = 0;
    std::uint32_t size = 0;
    return record.read_u8(type) && type == tls::kClientHello && record.read_u24(fragment.message_bytes) &&
           record.skip(2) && record.read_u24(fragment.offset) && record.read_u24(size) &&
           record.read_bytes(size, fragment.bytes);
}

}  // namespace

Sniff sniff(const Message& message) {
    ByteReader reader(message.bytes);
    std::uint8_t type = 0;
    std::uint16_t version = 0, epoch = 0, length = 0;
    std::uint32_t message_bytes = 0;
    if (!reader.read_u8(type) || type != tls::kHandshakeRecord || !reader.read_u16(version) || !is_version(version))
        return Sniff::no;
    if (!reader.read_u16(epoch) || epoch != 0 || !reader.skip(6) || !reader.read_u16(length)) return Sniff::no;
    if (length < kHandshakeHeaderBytes || !reader.read_u8(type) || type != tls::kClientHello) return Sniff::no;
    return reader.read_u24(message_bytes) && message_bytes >= kMinHelloBytes ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, tls::HelloScratch& scratch,
             quic::HelloStreams& streams) {
    CryptoStream* kept = streams.several.find(progress);
    CryptoStream& stream = kept != nullptr ? *kept : streams.one;
    if (kept == nullptr) stream.clear();
    ByteReader datagram(message.bytes), inside;
    Fragment fragment;
    std::size_t wanted = 0;
    while (read_fragment(datagram, inside, fragment)) {  // each turn eats a header
        if (wanted == 0) wanted = fragment.message_bytes;
        if (fragment.message_bytes == wanted) stream.place(fragment.offset, fragment.bytes);
    }
    // Later datagrams may be something else, as a keep-alive of STUN.
    if (wanted == 0) return kept != nullptr ? need_more() : malformed(Malformed::bad_length);
    if (wanted > CryptoStream::kMaxBytes) return malformed(Malformed::too_long);
    const Bytes there = stream.in_order();
    if (there.size() < wanted && !message.cut) {
        if (kept == nullptr) streams.several.take(progress) = stream;
        return need_more();
    }
    tls::ClientHello hello;
    const Bytes body = there.first(std::min(there.size(), wanted));
    if (const auto reason = tls::read_client_hello(body, body.size() < wanted, hello, tls::Cookie::yes)) {
        return malformed(*reason);
    }
    tls::write_hello(hello, 'd', scratch, record);
    return done(message.bytes.size(), !hello.server_name.empty());
}

}  // namespace telltale::extract::dtls
