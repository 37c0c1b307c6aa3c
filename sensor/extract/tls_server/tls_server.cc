// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls_server/tls_server.h"

#include <algorithm>

#include "sensor/extract/tls/fingerprint.h"
#include "sensor/extract/tls/handshake.h"
#include "sensor/extract/tls_server/certificate.h"

namespace telltale::extract::tls_server {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;
using tls::HandshakeHeader;
using tls::kMaxRecordBody;
using tls::kRecordHeaderBytes;

constexpr std::size_t kMaxServerHelloBytes = 2048, kMaxCertificateBytes = 16 * 1024;
constexpr std::uint16_t kTls13 = 0x0304, kSupportedVersions = 43, kAlpn = 16;
// The random of a HelloRetryRequest (RFC 8446 section 4.1.3).
constexpr std::uint8_t kRetry[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                   0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                   0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// The handshake's bytes from the stream's start on, at most as many as `copy` holds.
struct Handshake {
    Bytes bytes;
    std::size_t end = 0;  // in the stream, of what was taken
    bool over = false;    // no handshake in clear follows
};

Handshake gather(Bytes stream, std::span<std::uint8_t> copy) {
    Handshake handshake;
    ByteReader reader(stream);
    std::size_t size = 0;
    while (size < copy.size() && !reader.empty()) {  // each turn eats a record's header
        std::uint8_t type = 0;
        std::uint16_t version = 0, length = 0;
        if (!reader.read_u8(type)) break;
        if (type != tls::kHandshakeRecord) {
            handshake.over = true;
            break;
        }
        if (!reader.read_u16(version) || !reader.read_u16(length)) break;
        if ((version >> 8) != 3 || length == 0 || length > kMaxRecordBody) {
            handshake.over = true;
            break;
        }
        const std::size_t there = std::min<std::size_t>({length, reader.remaining(), copy.size() - size});
        Bytes body;
        if (!reader.read_bytes(there, body)) break;
        std::copy(body.begin(), body.end(), copy.begin() + static_cast<std::ptrdiff_t>(size));
        size += there;
        handshake.end = stream.size() - reader.remaining();
        if (there < length) break;
    }
    handshake.bytes = Bytes(copy).first(size);
    return handshake;
}

struct ServerHello {
    std::uint16_t legacy_version = 0;
    std::uint16_t version = 0;  // that was chosen
    std::uint16_t cipher = 0;
    bool retry = false;
    Bytes extensions;  // sound ones
    std::string_view alpn;
};

std::optional<Malformed> read_server_hello(Bytes body, bool cut, ServerHello& hello) {
    const auto missing = [cut](Malformed reason) { return cut ? std::nullopt : std::optional(reason); };
    ByteReader reader(body), session, extensions;
    Bytes random;
    if (!reader.read_u16(hello.legacy_version) || !reader.read_bytes(sizeof kRetry, random)) {
        return missing(Malformed::short_header);
    }
    hello.version = hello.legacy_version;
    hello.retry = std::equal(random.begin(), random.end(), std::begin(kRetry));
    if (!reader.read_sub_u8(session) || !reader.read_u16(hello.cipher) || !reader.skip(1)) {
        return missing(Malformed::bad_length);
    }
    if (reader.empty()) return std::nullopt;
    if (!reader.read_sub_u16(extensions)) return missing(Malformed::bad_length);
    const Bytes block = extensions.rest();
    while (!extensions.empty()) {
        std::uint16_t type = 0;
        ByteReader extension;
        if (!extensions.read_u16(type) || !extensions.read_sub_u16(extension)) return Malformed::bad_length;
        if (type == kSupportedVersions) static_cast<void>(extension.read_u16(hello.version));
        ByteReader list, name;
        if (type == kAlpn && extension.read_sub_u16(list) && list.read_sub_u8(name))
            hello.alpn = base::as_text(name.rest());
        hello.extensions = block.first(block.size() - extensions.remaining());
    }
    return std::nullopt;
}

void write_hello(const ServerHello& hello, bool cut, model::RecordWriter& record) {
    record.put_number(Field::tls_version, hello.version);
    if (cut) return record.mark_truncated();
    record.put_number(Field::tls_cipher, hello.cipher);
    tls::Ja3Text ja3s;
    tls::write_ja3s(hello.legacy_version, hello.cipher, hello.extensions, ja3s);
    record.put(Field::tls_ja3s, std::string_view(ja3s.data(), ja3s.size()));
    if (!hello.alpn.empty()) record.put(Field::tls_alpn, hello.alpn);
}

void write_certificate(Bytes der, model::RecordWriter& record) {
    Certificate certificate;
    if (!read_certificate(der, certificate)) return;
    const auto put = [&record](Field field, std::string_view text) {
        if (!text.empty()) record.put(field, text);
    };
    put(Field::certificate_subject, certificate.subject_name);
    put(Field::certificate_organisation, certificate.subject_organisation);
    put(Field::certificate_issuer, certificate.issuer_name);
    put(Field::certificate_issuer_organisation, certificate.issuer_organisation);
    for (std::size_t i = 0; i < certificate.dns_name_count; ++i) {
        record.put(Field::certificate_names, certificate.dns_names[i]);
    }
    if (certificate.more_names) record.mark_truncated();
}

}  // namespace

Sniff sniff(const Message& message) {
    const Bytes bytes = message.bytes;
    const Sniff unclear = message.cut ? Sniff::no : Sniff::need_more;
    if (bytes.empty() || bytes[0] != tls::kHandshakeRecord) return Sniff::no;
    if (bytes.size() >= 2 && bytes[1] != 3) return Sniff::no;
    if (bytes.size() >= 3 && bytes[2] > 4) return Sniff::no;
    if (bytes.size() < kRecordHeaderBytes + 1) return unclear;
    const std::size_t length = tls::record_body_bytes(bytes);
    if (bytes[5] != tls::kServerHello || length == 0 || length > kMaxRecordBody) return Sniff::no;
    // Encrypted handshake records look the same from the outside: hold the inside against a hello's.
    if (length < tls::kBytesOfHelloStart - kRecordHeaderBytes) return Sniff::yes;
    if (bytes.size() < tls::kBytesOfHelloStart) return unclear;
    return tls::looks_like_hello(bytes) ? Sniff::yes : Sniff::no;
}

// The stream is walked anew when the bytes that are missing can be there, and not at every segment: `scanned` is how
// long it must be at least. Small records only make that a few walks more, since their headers count as well.
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record,
             tls::HelloScratch& scratch) {
    const Bytes stream = message.bytes;
    if (!message.cut && stream.size() < progress.scanned) return need_more();
    const Handshake handshake = gather(stream, scratch.hello);
    const Bytes bytes = handshake.bytes;
    const bool ended = message.cut || handshake.over || bytes.size() == scratch.hello.size();
    const auto wait_for = [&](std::size_t wanted) {
        progress.scanned =
            static_cast<std::uint16_t>(std::min<std::size_t>(stream.size() + wanted - bytes.size(), 0xffff));
        return need_more();
    };

    HandshakeHeader header;
    if (!header.read(bytes)) return ended ? malformed(Malformed::short_header) : wait_for(HandshakeHeader::kBytes);
    const std::size_t hello_bytes = header.message_bytes;
    if (header.type != tls::kServerHello) return not_mine();
    if (hello_bytes > kMaxServerHelloBytes) return malformed(Malformed::too_long);
    const bool hello_cut = bytes.size() < hello_bytes;
    if (hello_cut && !ended) return wait_for(hello_bytes);
    if (hello_cut && !message.cut) return malformed(Malformed::bad_length);
    ServerHello hello;
    const Bytes body = bytes.first(std::min(bytes.size(), hello_bytes)).subspan(HandshakeHeader::kBytes);
    if (const auto reason = read_server_hello(body, hello_cut, hello)) return malformed(*reason);
    const std::size_t used = handshake.end;
    // The hello that follows a retry is the one that counts, and in TLS 1.3 all else is encrypted.
    if (hello.version >= kTls13 || hello_cut) {
        write_hello(hello, hello_cut, record);
        return {.outcome = Outcome::done, .last = !hello.retry, .used = used};
    }

    // type and length, length of the list, length of the first certificate (RFC 5246 section 7.4.2)
    constexpr std::size_t kListBytes = HandshakeHeader::kBytes + 3 + 3;
    const Bytes next = bytes.subspan(hello_bytes);
    std::size_t wanted = 1;
    if (!next.empty()) wanted = next[0] != tls::kCertificate ? 0 : kListBytes;
    Bytes certificate;
    if (wanted == kListBytes && next.size() >= kListBytes) {
        const std::size_t size = base::u24_at(next, kListBytes - 3);
        if (size <= kMaxCertificateBytes) {
            wanted += size;
            certificate = next.subspan(kListBytes, std::min(size, next.size() - kListBytes));
        }
    }
    if (next.size() < wanted && !ended) return wait_for(hello_bytes + wanted);
    if (next.size() < wanted && !next.empty() && !message.cut) return malformed(Malformed::bad_length);
    write_hello(hello, false, record);
    if (next.size() < wanted && message.cut) record.mark_truncated();
    if (!certificate.empty()) write_certificate(certificate, record);
    return {.outcome = Outcome::done, .last = true, .used = used};
}

}  // namespace telltale::extract::tls_server
