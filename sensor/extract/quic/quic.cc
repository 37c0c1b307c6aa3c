// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/quic/quic.h"

#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/quic/initial_keys.h"
#include "sensor/extract/quic/long_header.h"
#include "sensor/extract/quic/version_text.h"
#include "sensor/extract/tls/handshake.h"
#include "sensor/extract/tls/hello_record.h"

namespace telltale::extract::quic {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

// Coalesced packets of one datagram that are opened; each costs two passes of a cipher, or twice that.
constexpr unsigned kMaxOpened = 4;

// Frame types (RFC 9000 section 12.4) that an Initial may have.
constexpr std::uint64_t kPadding = 0, kPing = 1, kAck = 2, kAckEcn = 3, kCrypto = 6, kClose = 0x1c;

bool skip_ack(ByteReader& reader, bool with_counts) {
    std::uint64_t value = 0, ranges = 0;
    // Largest and delay, the number of ranges, and the first of them.
    if (!read_varint(reader, value) || !read_varint(reader, value) || !read_varint(reader, ranges) ||
        !read_varint(reader, value)) {
        return false;
    }
    for (std::uint64_t i = 0; i < ranges; ++i) {  // each turn eats two bytes
        if (!read_varint(reader, value) || !read_varint(reader, value)) return false;
    }
    for (unsigned i = 0; with_counts && i < 3; ++i) {
        if (!read_varint(reader, value)) return false;
    }
    return true;
}

struct Opened {
    std::uint32_t version = 0;
    bool any = false;
};

// Walks over the packets of a datagram (RFC 9000 section 12.2); the frames of Initials go to `stream`.
Opened open_packets(Bytes rest, InitialOpener& opener, CryptoStream& stream) {
    Opened opened;
    LongHeader header;
    for (unsigned count = 0; count < kMaxOpened && read_long_header(rest, header); ++count) {
        if (header.end > rest.size()) break;  // the capture is cut, or its length lies
        if (header.initial) {
            const Bytes packet = rest.first(header.end), known = stream.key_id();
            auto frames = opener.open({header.version, header.connection_id, packet, header.number_offset});
            if (frames) {
                if (known.empty()) stream.remember_key_id(header.connection_id);
            } else if (!known.empty()) {
                frames = opener.open({header.version, known, packet, header.number_offset});
            }
            if (frames && read_frames(*frames, stream)) opened = {header.version, true};
        }
        rest = rest.subspan(header.end);
    }
    return opened;
}

}  // namespace

bool read_frames(Bytes frames, CryptoStream& stream) {
    ByteReader reader(frames);
    while (!reader.empty()) {
        std::uint64_t type = 0, offset = 0, size = 0;
        if (!read_varint(reader, type)) return false;
        switch (type) {
            case kPadding:
            case kPing: break;
            case kAck:
            case kAckEcn:
                if (!skip_ack(reader, type == kAckEcn)) return false;
                break;
            case kCrypto: {
                if (!read_varint(reader, offset) || !read_varint(reader, size)) return false;
                Bytes piece;
                if (!reader.read_bytes(size, piece)) return false;
                stream.place(offset, piece);
                break;
            }
            case kClose: return true;
            default: return false;
        }
    }
    return true;
}

Sniff sniff(const Message& message) {
    LongHeader header;
    if (message.bytes.empty() || (message.bytes[0] & 0x80) == 0) return Sniff::no;
    const bool is_initial = read_long_header(message.bytes, header) && header.initial;
    return is_initial && !is_google_crypto(header.version) ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, tls::HelloScratch& scratch,
             HelloStreams& streams, InitialOpener& opener) {
    CryptoStream* kept = streams.several.find(progress);
    CryptoStream& stream = kept != nullptr ? *kept : streams.one;
    if (kept == nullptr) stream.clear();
    const Opened opened = open_packets(message.bytes, opener, stream);
    // Later datagrams may be the client's other packets; a direction whose first one is not opened is the server's.
    if (!opened.any && kept != nullptr) return need_more();
    if (!opened.any) {
        Parsed parsed = not_mine();
        parsed.own = kNotOpened;
        return parsed;
    }

    const Bytes handshake = stream.in_order();
    if (!handshake.empty() && handshake[0] != tls::kClientHello) return not_mine();
    tls::HandshakeHeader header;
    const bool has_header = header.read(handshake);
    if (has_header && header.message_bytes > CryptoStream::kMaxBytes) return malformed(Malformed::too_long);
    if (!has_header || handshake.size() < header.message_bytes) {
        if (kept == nullptr) streams.several.take(progress) = stream;
        return need_more();
    }
    tls::ClientHello hello;
    const Bytes body = handshake.first(header.message_bytes).subspan(tls::HandshakeHeader::kBytes);
    if (const auto reason = tls::read_client_hello(body, false, hello)) return malformed(*reason);
    tls::write_hello(hello, 'q', scratch, record);
    put_version(opened.version, record);
    Parsed parsed = done(message.bytes.size(), !hello.server_name.empty());
    parsed.last = true;
    return parsed;
}

}  // namespace telltale::extract::quic
