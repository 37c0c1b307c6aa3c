// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tuya/tuya.h"

#include <algorithm>
#include <string_view>

namespace telltale::extract::tuya {
namespace {

using model::Field;

constexpr std::uint32_t kPrefix = 0x000055aa;
constexpr std::size_t kHeaderBytes = 16, kTailBytes = 8;  // checksum and a mark at the end
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

}  // namespace

Sniff sniff(const Message& message) {
    base::ByteReader reader(message.bytes);
    std::uint32_t prefix = 0;
    if (!is_port(message.destination_port) || !reader.read_u32(prefix) || prefix != kPrefix) return Sniff::no;
    return message.bytes.size() > kHeaderBytes + kTailBytes ? Sniff::yes : Sniff::no;
}

// What is encrypted (port 6667) is told of as such: without fields.
Parsed parse(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
    std::string_view text = base::as_text(message.bytes).substr(kHeaderBytes);
    text.remove_suffix(message.cut ? 0 : kTailBytes);
    text = text.substr(0, text.find_last_of('}') + 1);
    const std::size_t open = text.find('{');
    if (open > 4) return done(message.bytes.size(), false);  // a return code of four bytes may stand before it
    text.remove_prefix(open + 1);
    std::string_view name, value;
    for (std::size_t i = 0; i < kMaxMembers && take_member(text, name, value); ++i) {
        for (const Member& member : kMembers) {
            if (name == member.name && !value.empty() && value.size() <= kMaxValueBytes) record.put(member.field, value);
        }
    }
    return done(message.bytes.size(), false);
}

}  // namespace telltale::extract::tuya
