// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sensor/base/result.h"
#include "sensor/capture/input_stream.h"
#include "sensor/capture/record_reader.h"

struct pcap;  // libpcap's pcap_t

namespace telltale::capture {

// Classic pcap files (draft-ietf-opsawg-pcap) with the variants that libpcap knows: either byte order, nanoseconds,
// Kuznetzov's longer record heads, the exchanged lengths of old versions. libpcap reads the file's header and says what
// its link type is; the records are read here, where they lie.
class PcapReader final : public RecordReader {
  public:
    static constexpr std::uint32_t kMaxCapturedBytes = 262'144;  // as libpcap has it for the link types of networks

    // Errors are libpcap's. The stream outlives the reader.
    static base::Result<std::unique_ptr<PcapReader>> open(InputStream& stream);

    ReadStatus read(Record& record) override;
    [[nodiscard]] std::string_view reason() const override { return reason_; }
    [[nodiscard]] std::uint64_t position() const override { return stream_.position() + cut_bytes_; }

    [[nodiscard]] int link_type() const { return link_type_; }

  private:
    // Which of a record's two lengths is the captured one.
    enum class Lengths : std::uint8_t { captured_first, wire_first, larger_is_wire };

    PcapReader(InputStream& stream, pcap* header);
    // The record that begins with the bytes `there`, and claims so many captured ones, cannot be read.
    ReadStatus break_off(base::Bytes there, std::uint32_t captured);

    InputStream& stream_;
    int link_type_;
    std::uint32_t snap_length_;
    bool swapped_;
    bool nanoseconds_ = false;
    std::size_t head_bytes_;
    Lengths lengths_ = Lengths::captured_first;
    std::size_t cut_bytes_ = 0;  // of a record that is not all there
    std::string reason_;
};

}  // namespace telltale::capture
