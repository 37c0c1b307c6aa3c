// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/byte_reader.h"
#include "sensor/capture/input_stream.h"
#include "sensor/capture/record_reader.h"

namespace telltale::capture {

// pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, interfaces with their own link type, snap
// length and clock (which libpcap refuses), enhanced, simple and obsolete packet blocks. Blocks of other types are
// skipped. A block has at most 16 MiB, a section at most 65,536 interfaces.
class PcapngReader : public RecordReader {
  public:
    static constexpr std::uint32_t kMaxBlockBytes = 16U << 20;
    static constexpr std::size_t kMaxInterfaces = 65'536;

    explicit PcapngReader(InputStream& stream) : stream_(stream) {}  // which outlives the reader

    // A simple packet block has no time and gets that of the previous packet.
    ReadStatus read(Record& record) override;
    [[nodiscard]] std::string_view reason() const override { return reason_; }
    [[nodiscard]] std::uint64_t position() const override { return stream_.position() + block_.size(); }

    // Reads up to the first packet, which the next read() returns. If the result is not broken, there is a section
    // header and an interface.
    ReadStatus read_ahead();
    // Returns the link types of the section's interfaces so far (DLT_ values), in their order.
    [[nodiscard]] std::vector<int> link_types() const;

  private:
    struct Interface {
        int link_type = 0;
        std::uint32_t snap_length = 0;  // 0: none
        std::uint8_t resolution = 6;    // if_tsresol: units per second, 10^n or 2^(n - 128)
        std::int64_t offset_s = 0;      // if_tsoffset
    };
    enum class Block : std::uint8_t { packet, other, end, broken };

    ReadStatus next(Record& record);
    Block read_block(Record& record);
    Block break_off(std::string reason);
    bool read_octets(std::size_t size);  // extends block_ to this size
    bool read_size(std::uint32_t stated);
    Block read_section();
    Block read_interface();
    Block read_enhanced_packet(Record& record);
    Block read_simple_packet(Record& record);
    Block read_obsolete_packet(Record& record);
    Block take_packet(std::uint32_t interface, std::uint64_t time, std::uint32_t captured, std::uint32_t original,
                      base::ByteReader& data, Record& record);
    bool read_u16(base::ByteReader& reader, std::uint16_t& out) const;
    bool read_u32(base::ByteReader& reader, std::uint32_t& out) const;
    [[nodiscard]] base::ByteReader body() const;

    InputStream& stream_;
    base::Bytes block_;  // the current block as far as it is read; not yet skipped
    std::vector<Interface> interfaces_;
    std::string reason_;
    Record ahead_;
    std::int64_t last_seconds_ = 0;
    std::int64_t last_nanoseconds_ = 0;
    bool little_endian_ = true;
    bool in_section_ = false;
    bool has_ahead_ = false;
    bool broken_ = false;
};

}  // namespace telltale::capture
