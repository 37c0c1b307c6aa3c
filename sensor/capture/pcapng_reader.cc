// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/pcapng_reader.h"

#include <pcap/dlt.h>

#include <algorithm>
#include <utility>

#include "sensor/base/clock.h"

namespace telltale::capture {
namespace {

// Block types (draft-ietf-opsawg-pcapng section 11.1).
enum BlockType : std::uint32_t {
    kSectionHeader = 0x0a0d0d0a,
    kInterface = 1,
    kObsoletePacket = 2,
    kSimplePacket = 3,
    kEnhancedPacket = 6,
};
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d, kByteOrderMagicSwapped = 0x4d3c2b1a;
constexpr std::size_t kBlockHeadBytes = 8, kBlockTailBytes = 4, kMinBlockBytes = kBlockHeadBytes + kBlockTailBytes;
// Options of an interface (section 4.2).
constexpr std::uint16_t kEndOfOptions = 0, kTimeResolution = 9, kTimeOffset = 14;
constexpr std::int64_t kMostSeconds = std::int64_t{1} << 40;  // beyond every possible time

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// Maps LINKTYPE_ values of files to DLT_ values of this system where they differ (www.tcpdump.org/linktypes.html).
int dlt_of(std::uint16_t link_type) {
    switch (link_type) {
        case 50: return DLT_PPP_SERIAL;
        case 101: return DLT_RAW;
        case 104: return DLT_C_HDLC;
        case 105: return DLT_IEEE802_11;
        case 108: return DLT_LOOP;
        default: return link_type;
    }
}

struct Time {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
};

Time time_of(std::uint64_t units, std::uint8_t resolution, std::int64_t offset_s) {
    const auto limited = [&](std::uint64_t seconds) {
        const auto most = static_cast<std::uint64_t>(kMostSeconds);
        return static_cast<std::int64_t>(std::min(seconds, most)) + std::clamp(offset_s, -kMostSeconds, kMostSeconds);
    };
    if ((resolution & 0x80) != 0) {
        const unsigned bits = std::min(resolution & 0x7fU, 63U);
        const std::uint64_t fraction = units & ((std::uint64_t{1} << bits) - 1);
        const std::uint64_t of_32 = bits > 32 ? fraction >> (bits - 32) : fraction << (32 - bits);
        return {limited(units >> bits), static_cast<std::int64_t>(of_32 * base::kSecondNs >> 32)};
    }
    std::uint64_t a_second = 1;
    const unsigned digits = std::min<unsigned>(resolution, 19);  // 10^19 is the most that 64 bits hold
    for (unsigned i = 0; i < digits; ++i) a_second *= 10;
    std::uint64_t fraction = units % a_second;
    for (unsigned i = digits; i < 9; ++i) fraction *= 10;
    for (unsigned i = 9; i < digits; ++i) fraction /= 10;
    return {limited(units / a_second), static_cast<std::int64_t>(fraction)};
}

}  // namespace

ReadStatus PcapngReader::read(Record& record) {
    if (!std::exchange(has_ahead_, false)) return next(record);
    record = ahead_;
    return ReadStatus::record;
}

ReadStatus PcapngReader::read_ahead() {
    const ReadStatus status = next(ahead_);
    has_ahead_ = status == ReadStatus::record;
    if (status == ReadStatus::end && interfaces_.empty()) {
        break_off("it ends before an interface is described");
        return ReadStatus::broken;
    }
    return status;
}

std::vector<int> PcapngReader::link_types() const {
    std::vector<int> types;
    for (const Interface& interface : interfaces_) types.push_back(interface.link_type);
    return types;
}

ReadStatus PcapngReader::next(Record& record) {
    while (!broken_) {
        switch (read_block(record)) {
            case Block::packet: return ReadStatus::record;
            case Block::end: return ReadStatus::end;
            case Block::other:
            case Block::broken: break;
        }
    }
    return ReadStatus::broken;
}

// Keep the first reason; later ones are consequences.
PcapngReader::Block PcapngReader::break_off(std::string reason) {
    if (broken_) return Block::broken;
    broken_ = true;
    reason_ = std::move(reason);
    return Block::broken;
}

bool PcapngReader::read_octets(std::size_t size) {
    const base::Bytes bytes = stream_.look(size);
    block_ = bytes.first(std::min(size, bytes.size()));
    return block_.size() == size;
}

bool PcapngReader::read_u16(base::ByteReader& reader, std::uint16_t& out) const {
    return little_endian_ ? reader.read_le_u16(out) : reader.read_u16(out);
}

bool PcapngReader::read_u32(base::ByteReader& reader, std::uint32_t& out) const {
    return little_endian_ ? reader.read_le_u32(out) : reader.read_u32(out);
}

base::ByteReader PcapngReader::body() const {
    return base::ByteReader(block_.subspan(kBlockHeadBytes, block_.size() - kBlockHeadBytes - kBlockTailBytes));
}

// Reads the rest of a block whose header states a size of `stated` bytes.
bool PcapngReader::read_size(std::uint32_t stated) {
    if (stated < kMinBlockBytes || stated % 4 != 0 || stated > kMaxBlockBytes) {
        break_off("a block claims " + std::to_string(stated) + " bytes");
        return false;
    }
    if (!read_octets(stated)) {
        break_off("the file ends in a block of " + std::to_string(stated) + " bytes");
        return false;
    }
    base::ByteReader tail(block_.last(kBlockTailBytes));
    std::uint32_t repeated = 0;
    if (!read_u32(tail, repeated) || repeated != stated || block_.size() != stated) {
        break_off("a block of " + std::to_string(stated) + " bytes ends with another length, " +
                  std::to_string(repeated));
        return false;
    }
    return true;
}

PcapngReader::Block PcapngReader::read_block(Record& record) {
    stream_.skip(block_.size());
    block_ = {};
    if (!read_octets(kBlockHeadBytes)) {
        return block_.empty() ? Block::end : break_off("the file ends in the head of a block");
    }
    base::ByteReader head(block_);
    std::uint32_t type = 0, size = 0;
    if (!read_u32(head, type)) return break_off("the file ends in the head of a block");
    if (type == kSectionHeader) return read_section();  // the same in both byte orders
    if (!in_section_) return break_off("it does not begin with a section header");
    if (!read_u32(head, size) || !read_size(size)) return Block::broken;
    switch (type) {
        case kInterface: return read_interface();
        case kEnhancedPacket: return read_enhanced_packet(record);
        case kSimplePacket: return read_simple_packet(record);
        case kObsoletePacket: return read_obsolete_packet(record);
        default: return Block::other;
    }
}

PcapngReader::Block PcapngReader::read_section() {
    if (!read_octets(kBlockHeadBytes + 4)) {
        return break_off("the file ends in a section header");
    }
    base::ByteReader magic_reader(block_.subspan(kBlockHeadBytes));
    std::uint32_t magic = 0;
    if (!magic_reader.read_u32(magic) || (magic != kByteOrderMagic && magic != kByteOrderMagicSwapped)) {
        return break_off("a section header without its byte order");
    }
    little_endian_ = magic == kByteOrderMagicSwapped;
    base::ByteReader head(block_.subspan(4));
    std::uint32_t size = 0;
    if (!read_u32(head, size) || !read_size(size)) return Block::broken;
    base::ByteReader reader = body();
    std::uint16_t major = 0, minor = 0;
    if (!reader.skip(4) || !read_u16(reader, major) || !read_u16(reader, minor) || !reader.skip(8)) {
        return break_off("a section header of " + std::to_string(block_.size()) + " bytes");
    }
    if (major != 1) return break_off("version " + std::to_string(major) + "." + std::to_string(minor) + " of pcapng");
    interfaces_.clear();
    in_section_ = true;
    return Block::other;
}

PcapngReader::Block PcapngReader::read_interface() {
    base::ByteReader reader = body();
    Interface interface;
    std::uint16_t link_type = 0;
    if (!read_u16(reader, link_type) || !reader.skip(2) || !read_u32(reader, interface.snap_length)) {
        return break_off("an interface block of " + std::to_string(block_.size()) + " bytes");
    }
    if (interfaces_.size() == kMaxInterfaces) return break_off("more than 65,536 interfaces");
    interface.link_type = dlt_of(link_type);
    while (reader.remaining() >= 4) {
        std::uint16_t code = 0, size = 0;
        base::ByteReader value;
        if (!read_u16(reader, code) || !read_u16(reader, size) || code == kEndOfOptions) break;
        if (!reader.read_sub(size, value) || (reader.remaining() != 0 && !reader.skip(padded(size) - size))) {
            return break_off("an option of an interface does not fit its block");
        }
        if (code == kTimeResolution && !value.read_u8(interface.resolution)) {
            return break_off("an interface's resolution of time without a value");
        }
        if (code == kTimeOffset) {
            std::uint32_t first = 0, second = 0;
            if (!read_u32(value, first) || !read_u32(value, second)) {
                return break_off("an interface's offset of time without a value");
            }
            const std::uint64_t high = little_endian_ ? second : first, low = little_endian_ ? first : second;
            interface.offset_s = static_cast<std::int64_t>(high << 32 | low);
        }
    }
    interfaces_.push_back(interface);
    return Block::other;
}

PcapngReader::Block PcapngReader::read_enhanced_packet(Record& record) {
    base::ByteReader reader = body();
    std::uint32_t interface = 0, high = 0, low = 0, captured = 0, original = 0;
    if (!read_u32(reader, interface) || !read_u32(reader, high) || !read_u32(reader, low) ||
        !read_u32(reader, captured) || !read_u32(reader, original)) {
        return break_off("a packet block of " + std::to_string(block_.size()) + " bytes");
    }
    return take_packet(interface, std::uint64_t{high} << 32 | low, captured, original, reader, record);
}

PcapngReader::Block PcapngReader::read_obsolete_packet(Record& record) {
    base::ByteReader reader = body();
    std::uint16_t interface = 0;
    std::uint32_t high = 0, low = 0, captured = 0, original = 0;
    if (!read_u16(reader, interface) || !reader.skip(2) || !read_u32(reader, high) || !read_u32(reader, low) ||
        !read_u32(reader, captured) || !read_u32(reader, original)) {
        return break_off("a packet block of " + std::to_string(block_.size()) + " bytes");
    }
    return take_packet(interface, std::uint64_t{high} << 32 | low, captured, original, reader, record);
}

PcapngReader::Block PcapngReader::read_simple_packet(Record& record) {
    base::ByteReader reader = body();
    std::uint32_t original = 0;
    if (!read_u32(reader, original)) {
        return break_off("a packet block of " + std::to_string(block_.size()) + " bytes");
    }
    if (interfaces_.empty()) return break_off("a packet of interface 0, which is not described");
    // The block does not contain the captured length; the snap length and the block's size give it.
    const std::uint32_t snap_length = interfaces_.front().snap_length;
    std::uint32_t captured = std::min(original, static_cast<std::uint32_t>(reader.remaining()));
    if (snap_length != 0) captured = std::min(captured, snap_length);
    const Time before{last_seconds_, last_nanoseconds_};
    const Block block = take_packet(0, 0, captured, original, reader, record);
    record.seconds = last_seconds_ = before.seconds;
    record.nanoseconds = last_nanoseconds_ = before.nanoseconds;
    return block;
}

PcapngReader::Block PcapngReader::take_packet(std::uint32_t interface, std::uint64_t time, std::uint32_t captured,
                                              std::uint32_t original, base::ByteReader& data, Record& record) {
    if (interface >= interfaces_.size()) {
        return break_off("a packet of interface " + std::to_string(interface) + ", which is not described");
    }
    base::Bytes bytes;
    if (!data.read_bytes(captured, bytes)) {
        return break_off("a packet of " + std::to_string(captured) + " bytes does not fit its block");
    }
    const Interface& from = interfaces_[interface];
    const Time at = time_of(time, from.resolution, from.offset_s);
    last_seconds_ = at.seconds;
    last_nanoseconds_ = at.nanoseconds;
    record.data = bytes.data();
    record.captured_length = captured;
    record.wire_length = std::max(original, captured);
    record.seconds = at.seconds;
    record.nanoseconds = at.nanoseconds;
    record.link_type = from.link_type;
    return Block::packet;
}

}  // namespace telltale::capture
