// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "sensor/base/result.h"
#include "sensor/capture/input_stream.h"
#include "sensor/capture/record_reader.h"

struct pcap;  // libpcap's pcap_t

namespace telltale::capture {

// Classic pcap files (draft-ietf-opsawg-pcap) with the variants that libpcap knows: either byte order, nanoseconds,
// Kuznetzov's longer record headers, the swapped lengths of old versions. libpcap reads the file's header and its link
// type. This class reads the records in place.
class PcapReader final : public RecordReader {
  public:
    static constexpr std::uint32_t kMaxCapturedBytes = 262'144;  // libpcap's limit for the link types of networks

    // Errors quote libpcap. The stream must outlive the reader.
    static base::Result<std::unique_ptr<PcapReader>> open(InputStream& stream);

    ReadStatus read(Record& record) override {
        base::Bytes bytes = stream_.look(head_bytes_);
        if (bytes.size() < head_bytes_) [[unlikely]]
            return bytes.empty() ? ReadStatus::end : break_off(bytes, 0);
        std::uint32_t captured = number_at(bytes.data() + 8);
        std::uint32_t wire = number_at(bytes.data() + 12);
        if (lengths_ != Lengths::captured_first) [[unlikely]] {
            if (lengths_ == Lengths::wire_first || captured > wire) std::swap(captured, wire);
        }
        const std::size_t size = head_bytes_ + captured;
        if (captured > kMaxCapturedBytes) [[unlikely]]
            return break_off(bytes, captured);
        if (bytes.size() < size) [[unlikely]] {
            bytes = stream_.look(size);
            if (bytes.size() < size) return break_off(bytes, captured);
        }
        stream_.skip(size);
        record.data = bytes.data() + head_bytes_;
        record.captured_length = std::min(captured, snap_length_);
        record.wire_length = std::max(wire, record.captured_length);
        record.seconds = number_at(bytes.data());
        // Signed, as in libpcap's structure: values beyond that are invalid either way.
        record.nanoseconds = std::int64_t{static_cast<std::int32_t>(number_at(bytes.data() + 4))} * fraction_ns_;
        record.link_type = link_type_;
        return ReadStatus::record;
    }
    [[nodiscard]] std::string_view reason() const override { return reason_; }
    [[nodiscard]] std::uint64_t position() const override { return stream_.position() + cut_bytes_; }

    [[nodiscard]] int link_type() const { return link_type_; }

  private:
    // Which of a record's two lengths is the captured one.
    enum class Lengths : std::uint8_t { captured_first, wire_first, larger_is_wire };

    PcapReader(InputStream& stream, pcap* header);
    [[nodiscard]] std::uint32_t number_at(const std::uint8_t* place) const {
        std::uint32_t number = 0;
        std::memcpy(&number, place, sizeof number);
        return swapped_ ? __builtin_bswap32(number) : number;
    }
    // Ends reading at a record that cannot be read: it has the bytes `there`, and claims this captured length.
    ReadStatus break_off(base::Bytes there, std::uint32_t captured);

    InputStream& stream_;
    int link_type_;
    std::uint32_t snap_length_;
    bool swapped_;
    std::int64_t fraction_ns_ = 1000;  // unit of a time's fraction
    std::size_t head_bytes_;
    Lengths lengths_ = Lengths::captured_first;
    std::size_t cut_bytes_ = 0;  // of an incomplete record
    std::string reason_;
};

}  // namespace telltale::capture
