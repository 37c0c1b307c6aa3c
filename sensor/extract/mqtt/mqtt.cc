// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/mqtt/mqtt.h"

#include <algorithm>
#include <string_view>

#include "sensor/extract/values.h"

namespace telltale::extract::mqtt {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kUserNameFlag = 0x80, kWillFlag = 0x04;
constexpr std::uint8_t kVersion5 = 5;
constexpr std::size_t kMaxProperties = 64, kMaxServerBytes = 255;
constexpr unsigned kMaxLengthBytes = 4;  // of a variable byte integer
constexpr std::size_t kMaxMessageBytes = 8192;

bool read_properties(ByteReader& reader, bool there, ByteReader& properties) {
    std::uint64_t size = 0;
    return !there || (read_varint7(reader, size, kMaxLengthBytes) && reader.read_sub(size, properties));
}

// How a property's value is written, by its identifier (OASIS MQTT 5.0 section 2.2.2.2). False for one that no CONNECT
// has.
bool read_property(ByteReader& reader, ByteReader& key, ByteReader& value) {
    std::uint8_t identifier = 0;
    key = value = {};
    if (!reader.read_u8(identifier)) return false;
    switch (identifier) {
        case 0x17:  // request problem information
        case 0x19:  // request response information
            return reader.skip(1);
        case 0x21:  // receive maximum
        case 0x22:  // topic alias maximum
            return reader.skip(2);
        case 0x11:  // session expiry interval
        case 0x27:  // maximum packet size
            return reader.skip(4);
        case 0x15:  // authentication method
        case 0x16:  // authentication data
            return reader.read_sub_u16(value);
        case 0x26:  // user property
            return reader.read_sub_u16(key) && reader.read_sub_u16(value);
        default: return false;
    }
}

// The broker's name, which MQTT itself does not carry: clients of brokers that serve many customers write it into a
// user property.
std::string_view server_in_properties(ByteReader properties) {
    ByteReader key, value;
    for (std::size_t i = 0; i < kMaxProperties && read_property(properties, key, value); ++i) {
        const std::string_view name = base::as_text(key.rest());
        if (name == "host" || name == "server") return base::as_text(value.rest());
    }
    return {};
}

// Or they write it into the user name: "HUB.azure-devices.net/DEVICE/?api-version=2021-04-12".
std::string_view server_in_user(std::string_view user) {
    const std::string_view host = user.substr(0, user.find('/'));
    const bool is_host = host.size() < user.size() && host.find('.') != std::string_view::npos &&
                         std::all_of(host.begin(), host.end(), [](unsigned char letter) {
                             return (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
                                    ((letter | 0x20U) >= 'a' && (letter | 0x20U) <= 'z');
                         });
    return is_host ? host : std::string_view();
}

void put_server(std::string_view server, model::RecordWriter& record, bool& named) {
    if (named || server.empty() || server.size() > kMaxServerBytes) return;
    record.put(Field::service_name, server);
    named = true;
}

// Reads what follows the fixed header. False if it is cut or broken.
bool read_connect(ByteReader reader, model::RecordWriter& record, bool& named) {
    std::uint8_t version = 0, flags = 0;
    ByteReader name, client, will_topic, will_message, user;
    if (!reader.read_sub_u16(name) || !reader.read_u8(version) || !reader.read_u8(flags) || !reader.skip(2))
        return false;
    record.put_number(Field::operation, version);
    ByteReader properties;
    if (!read_properties(reader, version == kVersion5, properties)) return false;
    put_server(server_in_properties(properties), record, named);
    if (!reader.read_sub_u16(client)) return false;
    put_text(Field::client_identifier, client, record);
    if ((flags & kWillFlag) != 0) {
        if (!read_properties(reader, version == kVersion5, properties) || !reader.read_sub_u16(will_topic) ||
            !reader.read_sub_u16(will_message)) {
            return false;
        }
    }
    if ((flags & kUserNameFlag) == 0) return true;
    if (!reader.read_sub_u16(user)) return false;
    put_text(Field::user_name, user, record);
    put_server(server_in_user(base::as_text(user.rest())), record, named);
    return true;
}

}  // namespace

// Type, length, and the protocol's name: MQTT, or MQIsdp before 3.1.1.
Sniff sniff(const Message& message) {
    const Bytes bytes = message.bytes;
    if (bytes.empty() || bytes[0] != kConnect) return Sniff::no;
    const Sniff unclear = message.cut ? Sniff::no : Sniff::need_more;
    ByteReader reader(bytes.subspan(1));
    std::uint64_t size = 0;
    std::uint16_t name = 0;
    if (!read_varint7(reader, size, kMaxLengthBytes)) return bytes.size() < 5 ? unclear : Sniff::no;
    if (size > kMaxMessageBytes) return Sniff::no;
    if (!reader.read_u16(name)) return unclear;
    const std::string_view known = name == 4 ? "MQTT" : name == 6 ? "MQIsdp" : "";
    const std::string_view text = base::as_text(reader.rest()).substr(0, known.size());
    if (known.empty() || text != known.substr(0, text.size())) return Sniff::no;
    return text.size() == known.size() ? Sniff::yes : unclear;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint64_t size = 0;
    if (!reader.skip(1) || !read_varint7(reader, size, kMaxLengthBytes)) return malformed(Malformed::short_header);
    if (size > reader.remaining() && !message.cut) return need_more();
    const std::size_t used =
        message.bytes.size() - reader.remaining() + std::min<std::size_t>(size, reader.remaining());
    const bool whole = size <= reader.remaining();
    const ByteReader body(reader.rest().first(std::min<std::size_t>(size, reader.remaining())));
    bool named = false;
    if (!read_connect(body, record, named)) {
        if (whole) return malformed(Malformed::bad_length);
        record.mark_truncated();
    }
    return {.outcome = Outcome::done, .named = named, .last = true, .used = used};
}

}  // namespace telltale::extract::mqtt
