// SPDX-License-Identifier: Apache-2.0
#include "exporters/observations/observation_writer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "exporters/json/json_writer.h"
#include "exporters/observations/notation.h"
#include "sensor/model/dns_answer.h"
#include "sensor/model/frame.h"
#include "sensor/model/numbers_text.h"

namespace telltale::observations {
namespace {

using json::JsonWriter;
using json::operator""_key;
using model::Field;
using model::FieldType;
using model::IpAddress;
using model::RecordHeader;
using model::RecordKind;

using FieldValue = std::pair<Field, base::Bytes>;

// A list even with a single item, so that readers need no special case.
bool always_list(Field field) {
    const FieldType type = model::info(field).type;
    return type == FieldType::dns_question || type == FieldType::dns_answer || type == FieldType::text_list;
}

void write_question(JsonWriter& line, base::Bytes value) {
    model::DnsQuestion question;
    line.begin('{');
    if (read(value, question)) {
        line.string("name"_key, question.name);
        line.string("type"_key, dns_type_name(question.type));
    }
    line.end('}');
}

// Writes the members of the answer's type.
void write_answer_data(JsonWriter& line, const model::DnsAnswer& answer) {
    using namespace model::dns_type;
    if (has_address(answer.type)) {
        if (answer.address != IpAddress{}) line.string("addr"_key, model::to_string(answer.address));
    } else if (has_strings(answer.type)) {
        line.key("txt"_key);
        line.begin('[');
        model::DnsStrings strings(answer.strings);
        for (std::string_view text; strings.next(text);) line.string(text);
        line.end(']');
    } else if (answer.type == srv) {
        line.number("port"_key, answer.port);
    } else if (has_service(answer.type)) {
        line.number("priority"_key, answer.priority);
        if (answer.ech) line.boolean("ech"_key, true);
        if (!answer.alpn.empty()) line.string("alpn"_key, answer.alpn);
    }
    if (!answer.target.empty()) line.string("data"_key, answer.target);
}

void write_answer(JsonWriter& line, base::Bytes value) {
    model::DnsAnswer answer;
    line.begin('{');
    if (read(value, answer)) {
        line.string("name"_key, answer.name);
        line.string("type"_key, dns_type_name(answer.type));
        line.number("ttl"_key, answer.ttl_s);
        write_answer_data(line, answer);
    }
    line.end('}');
}

std::uint64_t number_of(base::Bytes value) {
    std::uint64_t number = 0;
    if (!value.empty()) std::memcpy(&number, value.data(), std::min(value.size(), sizeof number));
    return number;
}

void write_mac(JsonWriter& line, base::Bytes value) {
    model::MacAddress mac;
    if (value.size() != mac.bytes.size()) return line.string(hexadecimal(value));
    std::memcpy(mac.bytes.data(), value.data(), value.size());
    line.string(model::to_string(mac));
}

void write_value(JsonWriter& line, Field field, base::Bytes value) {
    switch (model::info(field).type) {
        case FieldType::text:
        case FieldType::text_list: return line.string(base::as_text(value));
        case FieldType::number: return line.number(number_of(value));
        case FieldType::boolean: return line.boolean(number_of(value) != 0);
        case FieldType::mac: return write_mac(line, value);
        case FieldType::ip: return line.string(model::to_string(IpAddress::from(value)));
        case FieldType::octets: return line.string(hexadecimal(value));
        case FieldType::number_list: {
            std::array<char, 4 * model::kMaxRecordBytes> room;
            return line.string(model::numbers_text(value, room));
        }
        case FieldType::wide_number_list: {
            std::array<char, 3 * model::kMaxRecordBytes> room;
            return line.string(model::wide_numbers_text(value, room));
        }
        case FieldType::dns_question: return write_question(line, value);
        case FieldType::dns_answer: return write_answer(line, value);
    }
}

void write_common(JsonWriter& line, const RecordHeader& header, std::string_view protocol) {
    line.string("proto"_key, protocol);
    line.string("ts"_key, seconds(header.time_ns));
    if (const std::uint64_t frame = header.order.frame_number(); frame != 0) line.number("frame"_key, frame);
    if (header.vlan_count > 0) {
        line.key("vlan"_key);
        line.begin('[');
        for (std::size_t i = 0; i < header.vlan_count && i < header.vlan.size(); ++i) line.number(header.vlan[i]);
        line.end(']');
    }
}

void write_mac_of(JsonWriter& line, const RecordHeader& header) {
    if (header.source_mac.known()) line.string("mac"_key, model::to_string(header.source_mac));
}

bool has_ports(const model::FlowKey& key) { return model::has_ports(key.protocol) && key.fragment == 0; }

void write_tuple(JsonWriter& line, const model::FlowKey& key, model::Direction direction) {
    if (key.a == IpAddress{} && key.b == IpAddress{}) return;
    const bool forward = direction == model::Direction::a_to_b;
    line.string("l4"_key, l4_name(key));
    line.string("src"_key, model::to_string(forward ? key.a : key.b));
    if (has_ports(key)) line.number("sport"_key, forward ? key.port_a : key.port_b);
    line.string("dst"_key, model::to_string(forward ? key.b : key.a));
    if (has_ports(key)) line.number("dport"_key, forward ? key.port_b : key.port_a);
}

void write_flow(JsonWriter& line, const model::RecordView& record, const std::string& community_id) {
    const model::FlowDelta delta = record.flow_delta();
    write_tuple(line, record.header().key, model::Direction::a_to_b);
    if (!community_id.empty()) line.string("community_id"_key, community_id);
    line.number("pkts_ab"_key, delta.packets[0]);
    line.number("pkts_ba"_key, delta.packets[1]);
    line.number("bytes_ab"_key, delta.bytes[0]);
    line.number("bytes_ba"_key, delta.bytes[1]);
    line.number("payload_ab"_key, delta.payload_bytes[0]);
    line.number("payload_ba"_key, delta.payload_bytes[1]);
    line.string("first"_key, seconds(delta.first_ns));
    line.string("last"_key, seconds(delta.last_ns));
    line.boolean("final"_key, delta.final);
}

// Writes fields in the order of their first value; repeated fields as lists.
void write_fields(JsonWriter& line, const model::RecordView& record, std::vector<FieldValue>& values) {
    std::array<std::uint16_t, model::kFieldCount> counts{};
    values.clear();
    record.for_each([&](Field field, base::Bytes value) {
        values.emplace_back(field, value);
        ++counts[static_cast<std::size_t>(field)];
    });
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto [field, value] = values[i];
        std::uint16_t& count = counts[static_cast<std::size_t>(field)];
        if (count == 0 || model::info(field).json_name.empty()) continue;  // written with the first, or internal
        line.named(model::info(field).json_name);
        if (count == 1 && !always_list(field)) {
            write_value(line, field, value);
        } else {
            line.begin('[');
            for (std::size_t j = i; j < values.size(); ++j) {
                if (values[j].first == field) write_value(line, field, values[j].second);
            }
            line.end(']');
        }
        count = 0;
    }
}

// Returns the sender of a record as bytes: the MAC address, for ARP with the claimed binding. Workers report a sender
// once, or again after they have dropped it from their cache; here it is written once. Empty for other records.
std::string sender_key(const model::RecordView& record) {
    const RecordHeader& header = record.header();
    std::string key;
    switch (header.kind) {
        case RecordKind::sender:
        case RecordKind::arp: break;
        case RecordKind::ndp:
        case RecordKind::lldp:
        case RecordKind::cdp:
        case RecordKind::tcp_syn:
            key += static_cast<char>(header.kind);
            key.append(reinterpret_cast<const char*>(&header.key.segment), sizeof header.key.segment);
            key.append(base::as_text(header.source_mac.bytes)).append(base::as_text(header.source().bytes));
            record.for_each([&](Field, base::Bytes value) { key.append(base::as_text(value)); });
            return key;
        default: return key;
    }
    key.append(base::as_text(header.source_mac.bytes));
    if (header.kind == RecordKind::sender) return key;
    key.append(reinterpret_cast<const char*>(&header.key.segment), sizeof header.key.segment);
    key.append(record.text(Field::client_mac)).append(record.text(Field::ip_address));
    return key;
}

}  // namespace

struct ObservationWriter::State {
    JsonWriter line;
    std::vector<FieldValue> values;
    std::unordered_set<std::string> senders;
};

ObservationWriter::ObservationWriter(exporters::LineOutput& output, CommunityId community_id)
    : output_(output), community_id_(community_id), state_(std::make_unique<State>()) {}
ObservationWriter::~ObservationWriter() = default;

void ObservationWriter::write(const model::RecordView& record) {
    const RecordHeader& header = record.header();
    const std::string_view protocol = model::observation_name(header.kind);
    if (protocol.empty() || !status_) return;
    if (header.kind == RecordKind::sender && !header.source_mac.known()) return;
    if (std::string key = sender_key(record); !key.empty()) {
        if (state_->senders.size() >= kMaxSenders) state_->senders.clear();
        if (!state_->senders.insert(std::move(key)).second) return;
    }
    JsonWriter& line = state_->line;
    line.clear();
    line.begin('{');
    write_common(line, header, protocol);
    if (header.kind == RecordKind::flow_delta) {
        write_flow(line, record, community_id_(header.key));
    } else {
        write_mac_of(line, header);
        if (header.kind != RecordKind::sender) {
            write_tuple(line, header.key, header.direction);
            write_fields(line, record, state_->values);
        }
    }
    if (header.truncated) line.boolean("truncated"_key, true);
    line.end('}');
    status_ = output_.write_line(line.str());
}

base::Status ObservationWriter::finish() {
    if (status_) status_ = output_.flush();
    return status_;
}

}  // namespace telltale::observations
