// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls/tls.h"

#include <algorithm>
#include <array>

#include "sensor/extract/tls/client_hello.h"
#include "sensor/extract/tls/fingerprint.h"
#include "sensor/extract/tls/handshake.h"
#include "sensor/extract/tls/hello_record.h"

namespace telltale::extract::tls {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint8_t kChangeCipherSpec = 20, kApplicationData = 23;
constexpr std::size_t kMaxHelloBytes = 1U << 16;

// A client that was asked to retry sends this record before its second hello (RFC 8446 appendix D.4).
constexpr std::uint8_t kDummyChange[] = {kChangeCipherSpec, 3, 3, 0, 1, 1};

bool begins_with_dummy_change(Bytes bytes) {
    return bytes.size() >= sizeof kDummyChange && bytes[0] == kDummyChange[0] && bytes[1] == kDummyChange[1] &&
           std::equal(kDummyChange + 3, kDummyChange + sizeof kDummyChange, bytes.begin() + 3);
}
std::size_t dummy_change_bytes(Bytes bytes) { return begins_with_dummy_change(bytes) ? sizeof kDummyChange : 0; }

// Handshake bytes behind record headers.
struct Gathered {
    std::size_t bytes = 0;  // of the handshake
    std::size_t end = 0;    // in the stream: the end of the last record that was looked at
};

// Walks over records from `at`, which is the start of one, until there are `wanted` handshake bytes, counting from
// `have`; copies them to `copy` if it is given. Stops early where the stream ends. `complete` is called with the place
// after each whole record.
template <typename OnRecord>
bool walk_records(Bytes stream, std::size_t at, std::size_t have, std::size_t wanted, std::uint8_t* copy, Gathered& out,
                  OnRecord&& complete) {
    ByteReader reader(stream.subspan(at));
    out = {have, at};
    while (out.bytes < wanted && !reader.empty()) {
        std::uint8_t type = 0;
        std::uint16_t version = 0, length = 0;
        if (!reader.read_u8(type) || !reader.read_u16(version) || !reader.read_u16(length)) break;
        if (type != kHandshakeRecord || (version >> 8) != 3 || length == 0 || length > kMaxRecordBody) return false;
        const std::size_t there = std::min<std::size_t>(length, reader.remaining());
        const std::size_t taken = std::min(there, wanted - out.bytes);
        Bytes body;
        if (!reader.read_bytes(there, body)) break;
        if (copy != nullptr) std::copy_n(body.begin(), taken, copy + out.bytes);
        out.bytes += taken;
        out.end += kRecordHeaderBytes + there;
        if (there == length && taken == length) complete(out);
    }
    return true;
}
constexpr auto kIgnoreRecord = [](const Gathered&) {};

Sniff sniff_record(Bytes bytes, bool cut) {
    const Sniff unclear = cut ? Sniff::no : Sniff::need_more;
    if (bytes.size() >= 2 && bytes[1] != 3) return Sniff::no;
    if (bytes.size() >= 3 && bytes[2] > 4) return Sniff::no;
    if (bytes.size() < kRecordHeaderBytes + 1) return unclear;
    const std::size_t length = record_body_bytes(bytes);
    if (length == 0 || length > kMaxRecordBody) return Sniff::no;
    if (bytes[0] == kHandshakeRecord && bytes[5] == kServerHello) return Sniff::no;  // tls_server's
    if (bytes[0] == kApplicationData || bytes[5] != kClientHello) return Sniff::finished;
    // Encrypted handshake records look the same from the outside: hold the inside against a hello's.
    if (length < kBytesOfHelloStart - kRecordHeaderBytes) return Sniff::yes;
    if (bytes.size() < kBytesOfHelloStart) return unclear;
    return looks_like_hello(bytes) ? Sniff::yes : Sniff::no;
}

// A hello in the format of SSL 2.0 that old clients offered later versions with (RFC 5246 appendix E.2): length with
// its first bit set, type, version, lengths of ciphers, session id and challenge.
constexpr std::size_t kVersion2HeaderBytes = 11;

Sniff sniff_version2(Bytes bytes, bool cut) {
    if (bytes.size() >= 3 && bytes[2] != kClientHello) return Sniff::no;
    if (bytes.size() >= 5 && !(bytes[3] == 3 && bytes[4] <= 4) && !(bytes[3] == 0 && bytes[4] == 2)) return Sniff::no;
    if (bytes.size() < kVersion2HeaderBytes) return cut ? Sniff::no : Sniff::need_more;
    const std::size_t length = base::u16_at(bytes, 0) & 0x7fffU, ciphers = base::u16_at(bytes, 5);
    const std::size_t session = base::u16_at(bytes, 7), challenge = base::u16_at(bytes, 9);
    const bool sound = ciphers % 3 == 0 && ciphers != 0 && challenge >= 16 && challenge <= 32 &&
                       length == kVersion2HeaderBytes - 2 + ciphers + session + challenge;
    return sound ? Sniff::yes : Sniff::no;
}

// Its ciphers are not TLS's and it has no extensions: JA4 knows the version and counts nothing, and there is no JA3.
Parsed parse_version2(const Message& message, model::RecordWriter& record, HelloScratch& scratch) {
    ByteReader reader(message.bytes);
    ClientHello hello;
    std::uint16_t length = 0;
    if (!reader.read_u16(length) || !reader.skip(1) || !reader.read_u16(hello.legacy_version)) {
        return malformed(Malformed::short_header);
    }
    record.put_number(Field::tls_version, hello.legacy_version);
    Ja4Text ja4;
    write_ja4(hello, 't', scratch.ciphers, scratch.extensions, ja4);
    record.put(Field::tls_ja4, std::string_view(ja4.data(), ja4.size()));
    return done(std::min<std::size_t>(message.bytes.size(), (length & 0x7fffU) + 2), false);
}
bool is_version2(Bytes bytes) { return (bytes[0] & 0x80) != 0; }

}  // namespace

Sniff sniff(const Message& message) {
    const Bytes bytes = message.bytes;
    if (bytes.empty()) return Sniff::no;
    if (is_version2(bytes)) return sniff_version2(bytes, message.cut);
    switch (bytes[0]) {
        case kHandshakeRecord:
        case kApplicationData: return sniff_record(bytes, message.cut);
        case kChangeCipherSpec: {
            const std::size_t known = std::min(bytes.size(), sizeof kDummyChange);
            for (std::size_t i = 0; i < known; ++i) {
                if (bytes[i] != kDummyChange[i] && i != 2) return Sniff::no;
            }
            if (bytes.size() <= sizeof kDummyChange) return message.cut ? Sniff::no : Sniff::need_more;
            const Bytes next = bytes.subspan(sizeof kDummyChange);
            return next[0] == kHandshakeRecord || next[0] == kApplicationData ? sniff_record(next, message.cut)
                                                                              : Sniff::no;
        }
        default: return Sniff::no;
    }
}

Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, HelloScratch& scratch) {
    const Bytes stream = message.bytes;
    if (is_version2(stream)) return parse_version2(message, record, scratch);
    const std::size_t first = dummy_change_bytes(stream);
    Gathered gathered;

    std::array<std::uint8_t, HandshakeHeader::kBytes> start{};
    if (!walk_records(stream, first, 0, start.size(), start.data(), gathered, kIgnoreRecord)) {
        return malformed(Malformed::bad_syntax);
    }
    HandshakeHeader header;
    if (!header.read(Bytes(start).first(gathered.bytes))) {
        return message.cut ? malformed(Malformed::short_header) : need_more();
    }
    if (header.type != kClientHello) return not_mine();
    const std::size_t hello_bytes = header.message_bytes;
    if (hello_bytes > kMaxHelloBytes) return malformed(Malformed::too_long);

    // Records that were whole at an earlier call are not walked again.
    const auto remember = [&progress](const Gathered& so_far) {
        progress.scanned = static_cast<std::uint16_t>(so_far.end);
        progress.gathered = static_cast<std::uint16_t>(so_far.bytes);
    };
    const std::size_t at = progress.scanned == 0 ? first : progress.scanned;
    if (at > stream.size() || !walk_records(stream, at, progress.gathered, hello_bytes, nullptr, gathered, remember)) {
        return malformed(Malformed::bad_syntax);
    }
    if (gathered.bytes < hello_bytes && !message.cut) return need_more();
    const std::size_t used = gathered.end;

    // A hello in one record is read in place.
    Bytes handshake;
    const std::size_t body = first + kRecordHeaderBytes;
    if (record_body_bytes(stream.subspan(first)) >= gathered.bytes) {
        handshake = stream.subspan(body, gathered.bytes);
    } else {
        const std::size_t wanted = std::min(gathered.bytes, scratch.hello.size());
        if (!walk_records(stream, first, 0, wanted, scratch.hello.data(), gathered, kIgnoreRecord)) {
            return malformed(Malformed::bad_syntax);
        }
        handshake = Bytes(scratch.hello).first(gathered.bytes);
    }

    ClientHello hello;
    const bool cut = handshake.size() < hello_bytes;
    if (const auto reason = read_client_hello(handshake.subspan(HandshakeHeader::kBytes), cut, hello))
        return malformed(*reason);
    write_hello(hello, 't', scratch, record);
    return done(used, !hello.server_name.empty());
}

}  // namespace telltale::extract::tls
