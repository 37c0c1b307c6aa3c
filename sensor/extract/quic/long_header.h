// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_reader.h"

namespace telltale::extract::quic {

// RFC 9000 section 16.
bool read_varint(base::ByteReader& reader, std::uint64_t& value);

// A packet with a long header (RFC 9000 section 17.2, RFC 8999 section 5.1).
struct LongHeader {
    std::uint32_t version = 0;
    bool initial = false;
    base::Bytes connection_id;      // destination's
    std::size_t number_offset = 0;  // of the packet number; initial packets
    std::size_t end = 0;            // where the header says that the packet ends; initial packets
};

// Takes what a packet's header says; false when it is not one, or is cut. `end` may be beyond the bytes.
bool read_long_header(base::Bytes packet, LongHeader& header);

}  // namespace telltale::extract::quic
