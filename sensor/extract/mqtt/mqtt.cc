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
constexpr unsigned kMaxLengthBytes = 4;  // of a variable byte integer
constexpr std::size_t kMaxMessageBytes = 8192;

// Version 5 has properties. They do not name the broker: a user property means what its writer likes.
bool skip_properties(ByteReader& reader, std::uint8_t version) {
    std::uint64_t size = 0;
    return version != kVersion5 || (read_varint7(reader, size, kMaxLengthBytes) && reader.skip(size));
}

// The broker's name, which MQTT itself does not carry: Azure IoT Hub wants it in the user name, as in
// "HUB.azure-devices.net/DEVICE/?api-version=2021-04-12" ("Communicate with an IoT hub using the MQTT protocol"). Every
// other user name is a person's or a device's, also with a dot and a slash.
std::string_view server_in_user(std::string_view user) {
    constexpr std::string_view kVersionQuery = "/?api-version=";
    const std::size_t host = user.find('/');
    const std::size_t query = user.find(kVersionQuery);
    const bool hub = query != std::string_view::npos && query > host + 1;
    return hub && user.substr(0, host).find('.') != std::string_view::npos ? user.substr(0, host) : std::string_view();
}

// Reads what follows the fixed header. False if it is cut or broken.
bool read_connect(ByteReader reader, model::RecordWriter& record, bool& named) {
    std::uint8_t version = 0, flags = 0;
    ByteReader name, client, will_topic, will_message, user;
    if (!reader.read_sub_u16(name) || !reader.read_u8(version) || !reader.read_u8(flags) || !reader.skip(2))
        return false;
    record.put_number(Field::operation, version);
    if (!skip_properties(reader, version) || !reader.read_sub_u16(client)) return false;
    put_text(Field::client_identifier, client, record);
    if ((flags & kWillFlag) != 0) {
        const bool will =
            skip_properties(reader, version) && reader.read_sub_u16(will_topic) && reader.read_sub_u16(will_message);
        if (!will) return false;
    }
    if ((flags & kUserNameFlag) == 0) return true;
    if (!reader.read_sub_u16(user)) return false;
    put_text(Field::user_name, user, record);
    named = put_service_name(server_in_user(base::as_text(user.rest())), record);
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
