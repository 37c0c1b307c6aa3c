// SPDX-License-Identifier: Apache-2.0
// Google's QUIC before TLS ("QUIC Crypto" and the QUIC wire layout specification, Google, 2016): the client's CHLO is a
// map of tags to values. Up to Q046 it is in clear; Q050 has it in an Initial under keys of its own.
#include <algorithm>
#include <string_view>

#include "sensor/extract/quic/initial_keys.h"
#include "sensor/extract/quic/long_header.h"
#include "sensor/extract/quic/quic.h"
#include "sensor/extract/quic/version_text.h"

namespace telltale::extract::quic {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint8_t kVersionFlag = 0x01, kConnectionIdFlag = 0x08, kLongHeader = 0x80;
constexpr std::size_t kPublicVersionAt = 9;     // behind flags and connection id
constexpr std::size_t kMaxBeforeMessage = 256;  // packet header and the frames before the CHLO's
constexpr std::string_view kMessage = "CHLO";
constexpr std::size_t kMaxTags = 128;
constexpr std::size_t kMaxValueBytes = 255;

bool is_google(std::uint32_t version) {
    const auto digit = [&](unsigned shift) { return (version >> shift & 0xff) - '0' <= 9; };
    return version >> 24 == 'Q' && digit(16) && digit(8) && digit(0);
}

// The version in either layout: behind flags and connection id up to Q043, behind the first byte since Q044.
std::uint32_t version_of(Bytes bytes) {
    if (bytes.size() < kPublicVersionAt + 4) return 0;
    const bool long_header = (bytes[0] & kLongHeader) != 0;
    const bool public_header = (bytes[0] & (kVersionFlag | kConnectionIdFlag)) == (kVersionFlag | kConnectionIdFlag);
    if (!long_header && !public_header) return 0;
    ByteReader reader(bytes.subspan(long_header ? 1 : kPublicVersionAt));
    std::uint32_t version = 0;
    return reader.read_u32(version) && is_google(version) ? version : 0;
}

// Tags in ascending order, each with the end of its value in the values behind them. Every turn eats a tag.
bool read_tags(Bytes message, bool cut, model::RecordWriter& record, bool& named) {
    ByteReader reader(message);
    std::uint16_t count = 0;
    ByteReader tags;
    if (!reader.skip(kMessage.size()) || !reader.read_le_u16(count) || !reader.skip(2) || count > kMaxTags ||
        !reader.read_sub(std::size_t{count} * 8, tags)) {
        return false;
    }
    const Bytes values = reader.rest();
    std::uint32_t start = 0, end = 0;
    Bytes tag;
    while (tags.read_bytes(4, tag) && tags.read_le_u32(end)) {
        if (end < start) return false;
        if (end > values.size()) {
            if (!cut) return false;
            record.mark_truncated();
            return true;
        }
        const Bytes value = values.subspan(start, std::min<std::size_t>(end - start, kMaxValueBytes));
        start = end;
        const std::string_view name = base::as_text(tag);
        if (name == std::string_view("SNI\0", 4) && !value.empty()) {
            record.put(Field::tls_server_name, value);
            named = true;
        }
        if (name == "UAID" && !value.empty()) record.put(Field::user_agent, value);
    }
    return true;
}

}  // namespace

Sniff sniff_google(const Message& message) { return version_of(message.bytes) != 0 ? Sniff::yes : Sniff::no; }

Parsed parse_google(const Message& message, MessageProgress&, model::RecordWriter& record, InitialOpener& opener) {
    const std::uint32_t version = version_of(message.bytes);
    Bytes frames = message.bytes;
    bool cut = message.cut;
    if (LongHeader header; is_google_crypto(version) && read_long_header(message.bytes, header) && header.initial) {
        if (header.end > frames.size()) return not_mine();
        const auto opened =
            opener.open({version, header.connection_id, frames.first(header.end), header.number_offset});
        if (!opened) return not_mine();
        frames = *opened;
        cut = false;
    }
    const std::size_t at = base::as_text(frames).substr(0, kMaxBeforeMessage).find(kMessage);
    if (at == std::string_view::npos) return not_mine();
    bool named = false;
    const bool sound = read_tags(frames.subspan(at), cut, record, named);
    if (cut && !named) return malformed(Malformed::short_header);
    put_version(version, record);
    Parsed parsed = sound ? done(message.bytes.size(), named) : malformed(Malformed::bad_length);
    parsed.partial = parsed.named = named;
    parsed.last = sound;
    return parsed;
}

}  // namespace telltale::extract::quic
