// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/mipush/mipush.h"

#include <algorithm>
#include <string_view>

#include "sensor/extract/values.h"

namespace telltale::extract::mipush {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint16_t kMark = 0xc2fe, kMessage = 2;
constexpr std::size_t kMarkBytes = 8;  // with version and length
constexpr std::size_t kMaxMessageBytes = 4096, kMaxValueBytes = 255, kMaxFields = 64;
constexpr unsigned kMaxVarintBytes = 9;
constexpr std::uint8_t kVersionTag = 1U << 3;                                                // field 1, a varint
constexpr std::uint32_t kServerField = 3, kCommandField = 5;                                 // of the header
constexpr std::uint32_t kModelField = 2, kSystemField = 3, kIdField = 4, kNetworkField = 6;  // of CONN

struct ProtoField {
    std::uint32_t number = 0;
    Bytes bytes;  // of a length-delimited field
};

// https://protobuf.dev/programming-guides/encoding: varint, 64 bits, length-delimited, 32 bits.
bool read_field(ByteReader& reader, ProtoField& field) {
    std::uint64_t tag = 0, value = 0;
    if (!read_varint7(reader, tag, kMaxVarintBytes)) return false;
    field = {static_cast<std::uint32_t>(tag >> 3), {}};
    switch (tag & 7) {
        case 0: return read_varint7(reader, value, kMaxVarintBytes);
        case 1: return reader.skip(8);
        case 2: return read_varint7(reader, value, kMaxVarintBytes) && reader.read_bytes(value, field.bytes);
        case 5: return reader.skip(4);
        default: return false;
    }
}

template <typename Take>
void for_each_field(ByteReader reader, Take&& take) {
    ProtoField field;
    for (std::size_t i = 0; i < kMaxFields && !reader.empty() && read_field(reader, field); ++i) {
        if (!field.bytes.empty() && field.bytes.size() <= kMaxValueBytes) take(field.number, field.bytes);
    }
}

void read_header(ByteReader header, model::RecordWriter& record, bool& connects, bool& named) {
    for_each_field(header, [&](std::uint32_t number, Bytes value) {
        if (number == kServerField) named = named || put_service_name(base::as_text(value), record);
        if (number != kCommandField) return;
        connects = base::as_text(value) == "CONN";
        record.put(Field::method, value);
    });
}

}  // namespace

Sniff sniff(const Message& message) {
    const Bytes bytes = message.bytes;
    if (bytes.empty() || bytes[0] != kMark >> 8 || (bytes.size() > 1 && bytes[1] != (kMark & 0xff))) return Sniff::no;
    if (bytes.size() < kMarkBytes + 2) return message.cut ? Sniff::no : Sniff::need_more;
    ByteReader reader(bytes.subspan(4));
    std::uint32_t size = 0;
    std::uint16_t type = 0;
    return reader.read_u32(size) && size >= 8 && size <= kMaxMessageBytes && reader.read_u16(type) && type == kMessage
               ? Sniff::yes
               : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint32_t size = 0, payload_bytes = 0;
    std::uint16_t header_bytes = 0;
    if (!reader.skip(4) || !reader.read_u32(size)) return malformed(Malformed::short_header);
    if (size > reader.remaining() && !message.cut) return need_more();
    const std::size_t used = std::min<std::size_t>(kMarkBytes + size, message.bytes.size());
    ByteReader body(reader.rest().first(std::min<std::size_t>(size, reader.remaining()))), header, payload;
    const bool sound = body.skip(2) && body.read_u16(header_bytes) && body.read_u32(payload_bytes) &&
                       body.read_sub(header_bytes, header) && body.read_sub(payload_bytes, payload);
    if (!sound) {
        if (!message.cut) return malformed(Malformed::bad_length);
        record.mark_truncated();
    }
    bool connects = false, named = false;
    read_header(header, record, connects, named);
    // A phone's begins with the version that it speaks, the server's with a challenge.
    if (connects && payload.peek() == kVersionTag) {
        for_each_field(payload, [&](std::uint32_t number, Bytes value) {
            switch (number) {
                case kModelField: record.put(Field::model_name, value); break;
                case kSystemField: record.put(Field::software, value); break;
                case kIdField: record.put(Field::device_identifier, value); break;
                case kNetworkField: record.put(Field::network_type, value); break;
                default: break;
            }
        });
    }
    return {.outcome = Outcome::done, .named = named, .last = true, .used = used};
}

}  // namespace telltale::extract::mipush
