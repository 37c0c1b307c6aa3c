// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sensor/extract/extractors.h"

// How fuzz targets give bytes to the extractors, and what must hold whatever the bytes are.
namespace telltale::extract::fuzz {

inline void require(bool holds) {
    if (!holds) std::abort();
}

using Records = std::vector<std::vector<std::uint8_t>>;

inline void take_records(model::RecordBuffer& buffer, Records& out) {
    buffer.for_each([&out](std::span<std::uint8_t> bytes) {
        require(bytes.size() >= sizeof(model::RecordHeader) && bytes.size() <= model::kMaxRecordBytes);
        std::size_t fields = sizeof(model::RecordHeader);
        model::RecordView(bytes).for_each([&](model::Field, base::Bytes value) { fields += 4 + value.size(); });
        require(fields == bytes.size());
        out.emplace_back(bytes.begin(), bytes.end());
    });
    buffer.clear();
}

// Datagrams of one flow, to this port.
class DatagramFlow {
  public:
    explicit DatagramFlow(std::uint16_t port) {
        packet_.has_ports = true;
        packet_.source_port = 40000;
        packet_.destination_port = port;
    }
    void take(base::Bytes payload, bool cut, Records& records) {
        static Extractors extractors;
        static model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
        packet_.payload = payload;
        packet_.payload_length = static_cast<std::uint32_t>(payload.size() + (cut ? 1 : 0));
        extractors.datagram({}, packet_, state_, buffer);
        take_records(buffer, records);
    }

  private:
    model::PacketView packet_;
    ExtractState state_;
};

inline Records read_datagram(base::Bytes payload, std::uint16_t port, bool cut) {
    Records records;
    DatagramFlow(port).take(payload, cut, records);
    return records;
}

// Up to 64 datagrams of one flow; two bytes before each are its size.
inline Records read_datagrams(base::Bytes input, std::uint16_t port) {
    DatagramFlow flow(port);
    Records records;
    base::ByteReader reader(input);
    std::uint16_t size = 0;
    for (int i = 0; i < 64 && reader.read_u16(size); ++i) {
        base::Bytes payload;
        if (!reader.read_bytes(std::min<std::size_t>(size, reader.remaining()), payload)) break;
        flow.take(payload, false, records);
    }
    return records;
}

inline Records read_packet(Transport transport, const model::PacketView& packet) {
    static Extractors extractors;
    static model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    extractors.packet({}, transport, packet, buffer);
    Records records;
    take_records(buffer, records);
    return records;
}

// A stream in segments of `piece` bytes.
inline Records read_stream(base::Bytes stream, std::uint16_t port, std::size_t piece, bool cut) {
    static Extractors extractors;
    static model::RecordBuffer buffer(600 * model::kMaxRecordBytes);
    model::RecordHeader origin;
    origin.key.port_b = port;
    ExtractState state;
    Records records;
    std::size_t start = 0;
    for (std::size_t end = 0; end < stream.size();) {
        end = std::min(end + piece, stream.size());
        const bool last = end == stream.size();
        const auto verdict = extractors.stream(origin, stream.subspan(start, end - start), cut && last, state, buffer);
        take_records(buffer, records);
        if (verdict.demand == StreamVerdict::Demand::finished) break;
        if (verdict.demand == StreamVerdict::Demand::next_message) start = end;
        require(!(cut && last && verdict.demand == StreamVerdict::Demand::more));
    }
    return records;
}

// The first byte chooses the segments. The first message is the same however it comes.
inline void check_stream(base::Bytes input, std::uint16_t port) {
    if (input.empty() || input.size() > kMaxStreamBytes) return;
    const std::size_t piece = std::size_t{input[0]} + 1;
    const base::Bytes stream = input.subspan(1);
    const Records whole = read_stream(stream, port, stream.size() + 1, false);
    const Records pieces = read_stream(stream, port, piece, false);
    if (!whole.empty()) require(!pieces.empty() && pieces[0] == whole[0]);
    read_stream(stream, port, piece, true);
    read_stream(stream, port, stream.size() + 1, true);
}

}  // namespace telltale::extract::fuzz
