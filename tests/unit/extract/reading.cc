// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/extract/reading.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace telltale::extract {
namespace {

using model::Field;
using model::FieldType;

std::string shown(Field field, base::Bytes value) {
    const FieldType type = model::info(field).type;
    if (type != FieldType::number && type != FieldType::boolean) return std::string(base::as_text(value));
    std::uint64_t number = 0;
    for (std::size_t i = value.size(); i > 0; --i) number = number << 8 | value[i - 1];
    return std::to_string(number);
}

void take_records(model::RecordBuffer& buffer, std::vector<Read>& out) {
    buffer.for_each([&](std::span<std::uint8_t> bytes) {
        const model::RecordView view(bytes);
        Read read{view.header().kind, view.header().truncated, {}};
        view.for_each([&](Field field, base::Bytes value) { read.fields.emplace_back(field, shown(field, value)); });
        out.push_back(std::move(read));
    });
    buffer.clear();
}

// Bytes at the very end of an allocation.
class ExactCopy {
  public:
    explicit ExactCopy(base::Bytes bytes) : storage_(new std::uint8_t[bytes.size()]), size_(bytes.size()) {
        std::copy(bytes.begin(), bytes.end(), storage_.get());
    }
    [[nodiscard]] base::Bytes bytes() const { return {storage_.get(), size_}; }

  private:
    std::unique_ptr<std::uint8_t[]> storage_;
    std::size_t size_;
};

}  // namespace

std::string Read::text(Field field) const {
    for (const auto& [name, value] : fields) {
        if (name == field) return value;
    }
    return {};
}

bool Read::has(Field field) const { return !all(field).empty(); }

std::vector<std::string> Read::all(Field field) const {
    std::vector<std::string> values;
    for (const auto& [name, value] : fields) {
        if (name == field) values.push_back(value);
    }
    return values;
}

std::vector<Read> read_datagrams(std::uint16_t destination_port, const std::vector<support::Bytes>& datagrams) {
    static Extractors extractors;
    model::RecordBuffer buffer(4 * model::kMaxRecordBytes);
    ExtractState state;
    std::vector<Read> records;
    for (const support::Bytes& datagram : datagrams) {
        const ExactCopy copy(datagram);
        model::PacketView packet;
        packet.has_ports = true;
        packet.source_port = 40000;
        packet.destination_port = destination_port;
        packet.payload = copy.bytes();
        packet.payload_length = static_cast<std::uint32_t>(datagram.size());
        extractors.datagram(model::RecordHeader{}, packet, state, buffer);
        take_records(buffer, records);
    }
    return records;
}

std::vector<Read> read_datagram(std::uint16_t source_port, std::uint16_t destination_port,
                                const support::Bytes& payload, bool cut) {
    static Extractors extractors;
    const ExactCopy copy(payload);
    model::PacketView packet;
    packet.has_ports = true;
    packet.source_port = source_port;
    packet.destination_port = destination_port;
    packet.payload = copy.bytes();
    packet.payload_length = static_cast<std::uint32_t>(payload.size() + (cut ? 1 : 0));
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    ExtractState state;
    extractors.datagram(model::RecordHeader{}, packet, state, buffer);
    std::vector<Read> records;
    take_records(buffer, records);
    return records;
}

std::vector<Read> records_in(model::RecordBuffer& buffer) {
    std::vector<Read> records;
    take_records(buffer, records);
    return records;
}

std::vector<Read> read_packet(Transport transport, model::PacketView packet) {
    static Extractors extractors;
    const ExactCopy payload(packet.payload), options(packet.tcp_options);
    packet.payload = payload.bytes();
    packet.tcp_options = options.bytes();
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    extractors.packet({}, transport, packet, buffer);
    std::vector<Read> records;
    take_records(buffer, records);
    return records;
}

StreamReading read_stream(const std::vector<support::Bytes>& segments, const StreamOptions& options) {
    static Extractors extractors;
    model::RecordHeader origin;
    origin.key.port_a = options.source_port;
    origin.key.port_b = options.destination_port;
    model::RecordBuffer buffer(64 * model::kMaxRecordBytes);
    ExtractState state;
    StreamReading reading;
    support::Bytes kept;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        kept.insert(kept.end(), segments[i].begin(), segments[i].end());
        const ExactCopy copy(kept);
        const bool last = i + 1 == segments.size();
        const StreamVerdict verdict = extractors.stream(origin, copy.bytes(), last && options.cut, state, buffer);
        take_records(buffer, reading.records);
        reading.demand = verdict.demand;
        reading.named = reading.named || verdict.named;
        if (verdict.demand == StreamVerdict::Demand::finished) break;
        if (verdict.demand == StreamVerdict::Demand::next_message) kept.clear();
    }
    return reading;
}

ReadPart udp(std::uint16_t source_port, std::uint16_t destination_port) {
    return
        [=](const support::Bytes& part, bool cut) { return read_datagram(source_port, destination_port, part, cut); };
}

ReadPart tcp(StreamOptions options) {
    return [=](const support::Bytes& part, bool cut) {
        StreamOptions with_cut = options;
        with_cut.cut = cut;
        return read_stream({part}, with_cut).records;
    };
}

void expect_whole_values(const ReadPart& read, const support::Bytes& message, const std::vector<WholeValue>& values,
                         const PrefixRules& rules) {
    std::size_t seen = 0;
    std::vector<std::size_t> shown(values.size());
    for (std::size_t size = 0; size < message.size(); ++size) {
        const support::Bytes part(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
        for (const bool cut : {false, true}) {
            const std::vector<Read> records = read(part, cut);
            EXPECT_LE(records.size(), cut || rules.uncut != Uncut::nothing ? 1U : 0U) << size << " bytes";
            seen += records.size();
            if (!cut && rules.uncut == Uncut::shorter_values) continue;
            for (const Read& record : records) {
                for (std::size_t i = 0; i < values.size(); ++i) {
                    const std::vector<std::string> found = record.all(values[i].field);
                    shown[i] += found.size();
                    for (const std::string& value : found) EXPECT_EQ(value, values[i].value) << size << " bytes";
                }
                if (rules.and_also) rules.and_also(record, size);
            }
        }
    }
    EXPECT_EQ(seen == 0, rules.nothing) << seen << " records of all prefixes";
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_GT(shown[i], 0U) << "no prefix shows " << values[i].value;
    }
}

std::vector<support::Bytes> in_pieces(const support::Bytes& bytes, std::size_t size) {
    std::vector<support::Bytes> pieces;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        pieces.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, bytes.size() - at)));
    }
    return pieces;
}

std::vector<support::Bytes> in_two(const support::Bytes& bytes, std::size_t at) {
    const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    return {{bytes.begin(), middle}, {middle, bytes.end()}};
}

}  // namespace telltale::extract
