// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/quic/long_header.h"

#include "sensor/extract/quic/initial_keys.h"

namespace telltale::extract::quic {
namespace {

constexpr std::uint32_t kVersion2 = 0x6b3343cf;
constexpr std::uint8_t kLongHeader = 0x80;
constexpr std::size_t kMaxConnectionIdBytes = 20;
constexpr unsigned kRetry = 3;

// Packet types by their numbers in version 1; version 2 counts from Retry on (RFC 9369 section 3.2).
unsigned type_of(std::uint8_t first, std::uint32_t version) {
    const unsigned type = (first >> 4) & 3;
    return version == kVersion2 ? (type + 3) & 3 : type;
}

}  // namespace

bool read_varint(base::ByteReader& reader, std::uint64_t& value) {
    const unsigned bytes = 1U << (reader.peek() >> 6);
    if (!reader.read_integer(bytes, value)) return false;
    value &= (std::uint64_t{1} << (8 * bytes - 2)) - 1;
    return true;
}

bool read_long_header(base::Bytes packet, LongHeader& header) {
    base::ByteReader reader(packet);
    base::ByteReader connection_id, source;
    std::uint8_t first = 0;
    if (!reader.read_u8(first) || (first & kLongHeader) == 0 || !reader.read_u32(header.version) ||
        !is_supported(header.version) || !reader.read_sub_u8(connection_id) || !reader.read_sub_u8(source)) {
        return false;
    }
    header.connection_id = connection_id.rest();
    if (header.connection_id.size() > kMaxConnectionIdBytes || source.remaining() > kMaxConnectionIdBytes) return false;
    const unsigned type = type_of(first, header.version);
    header.initial = type == 0;
    if (type == kRetry) return false;
    std::uint64_t size = 0;
    if (header.initial && (!read_varint(reader, size) || size > reader.remaining() || !reader.skip(size))) return false;
    if (!read_varint(reader, size) || size > 0xffff) return false;
    header.number_offset = packet.size() - reader.remaining();
    header.end = header.number_offset + size;
    return true;
}

}  // namespace telltale::extract::quic
