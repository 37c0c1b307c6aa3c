// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tuya/tuya.h"

#include <algorithm>
#include <string_view>

namespace telltale::extract::tuya {
namespace {

using base::Bytes;
using model::Field;

constexpr std::uint32_t kPrefix = 0x000055aa, kSealedPrefix = 0x00006699;
constexpr std::size_t kHeaderBytes = 16, kTailBytes = 8;  // checksum and a mark at the end
constexpr std::size_t kSealedHeaderBytes = 18;
constexpr std::size_t kReturnCodeBytes = 4;
constexpr std::size_t kMaxValueBytes = 128, kMaxMembers = 32;

constexpr bool is_port(std::uint16_t port) { return port == 6666 || port == 6667; }

struct Member {
    std::string_view name;
    Field field;
};
constexpr Member kMembers[] = {
    {"gwId", Field::device_identifier},
    {"productKey", Field::product_key},
    {"version", Field::protocol_version},
};

// The next "name":"value" of a flat JSON object; members of other types are passed over. False at the end.
bool take_member(std::string_view& text, std::string_view& name, std::string_view& value) {
    const auto take_string = [&text](std::string_view& out) {
        const std::size_t open = text.find('"');
        const std::size_t close = open == std::string_view::npos ? open : text.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        out = text.substr(open + 1, close - open - 1);
        text.remove_prefix(close + 1);
        return true;
    };
    if (!take_string(name) || !text.starts_with(':')) return false;
    text.remove_prefix(1);
    value = {};
    if (text.starts_with('"')) return take_string(value);
    const std::size_t comma = text.find(',');
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma);
    return true;
}

// Where the object starts; a return code of four bytes may precede it. npos: there is no object.
std::size_t object_start(std::string_view text) {
    const std::size_t open = text.find('{');
    return open <= kReturnCodeBytes ? open : std::string_view::npos;
}

// The text of an announcement behind its header, in clear or encrypted; empty when it cannot be read.
std::string_view text_of(Bytes body, AnnouncementOpener& opener) {
    const std::string_view clear = base::as_text(body);
    if (object_start(clear) != std::string_view::npos) return clear;
    for (const std::size_t skipped : {std::size_t{0}, kReturnCodeBytes}) {
        const std::string_view text = base::as_text(opener.open_blocks(body.subspan(std::min(skipped, body.size()))));
        if (text.starts_with("{\"")) return text;
    }
    return {};
}

// Protocol 3.5: behind a longer header nonce, text and tag, then the mark at the end.
std::string_view sealed_text_of(Bytes bytes, AnnouncementOpener& opener) {
    base::ByteReader reader(bytes);
    std::uint32_t size = 0;
    Bytes nonce, sealed, tag;
    constexpr std::size_t kOverhead = AnnouncementOpener::kNonceBytes + AnnouncementOpener::kTagBytes;
    if (!reader.skip(kSealedHeaderBytes - 4) || !reader.read_u32(size) || size < kOverhead ||
        !reader.read_bytes(AnnouncementOpener::kNonceBytes, nonce) || !reader.read_bytes(size - kOverhead, sealed) ||
        !reader.read_bytes(AnnouncementOpener::kTagBytes, tag)) {
        return {};
    }
    return base::as_text(opener.open_sealed(bytes.subspan(4, kSealedHeaderBytes - 4), nonce, sealed, tag));
}

}  // namespace

Sniff sniff(const Message& message) {
    base::ByteReader reader(message.bytes);
    std::uint32_t prefix = 0;
    if (!is_port(message.destination_port) || !reader.read_u32(prefix)) return Sniff::no;
    if (prefix != kPrefix && prefix != kSealedPrefix) return Sniff::no;
    return message.bytes.size() > kHeaderBytes + kTailBytes ? Sniff::yes : Sniff::no;
}

// An announcement that cannot be opened makes a record without fields.
Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record, AnnouncementOpener& opener) {
    const Bytes bytes = message.bytes;
    const std::size_t tail = message.cut ? 0 : kTailBytes;
    const bool sealed = base::u32_at(bytes, 0) == kSealedPrefix;
    std::string_view text = sealed ? sealed_text_of(bytes, opener)
                                   : text_of(bytes.subspan(kHeaderBytes, bytes.size() - kHeaderBytes - tail), opener);
    text = text.substr(0, text.find_last_of('}') + 1);
    const std::size_t open = object_start(text);
    if (open == std::string_view::npos) {
        Parsed parsed = done(bytes.size(), false);
        parsed.own = kNotOpened;
        return parsed;
    }
    text.remove_prefix(open + 1);
    std::string_view name, value;
    for (std::size_t i = 0; i < kMaxMembers && take_member(text, name, value); ++i) {
        for (const Member& member : kMembers) {
            if (name == member.name && !value.empty() && value.size() <= kMaxValueBytes)
                record.put(member.field, value);
        }
    }
    return done(bytes.size(), false);
}

}  // namespace telltale::extract::tuya
