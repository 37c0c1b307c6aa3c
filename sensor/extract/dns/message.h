// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/dns/name.h"
#include "sensor/extract/protocol.h"

namespace telltale::extract::dns {

inline constexpr std::size_t kHeaderBytes = 12;
inline constexpr std::uint8_t kQuery = 0, kUpdate = 5, kMaxOpcode = 6;

struct Header {
    std::uint16_t id = 0, flags = 0, questions = 0, answers = 0, authorities = 0, additionals = 0;

    [[nodiscard]] bool response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] std::uint8_t opcode() const { return (flags >> 11) & 0xf; }
    [[nodiscard]] std::uint8_t rcode() const { return flags & 0xf; }
};

bool read_header(base::ByteReader& reader, Header& header);

// How much of a kind of message is recorded.
struct Dialect {
    bool all_sections = false;      // records of the authority and additional sections too
    bool names = false;             // every name that is asked or answered, once, as a field of its own
    bool names_destination = true;  // its questions name what the sender is going to talk to
    NameText::Style style = NameText::Style::escaped;
};
inline constexpr Dialect kUnicast{};
inline constexpr Dialect kMulticast{// RFC 6762
                                    .all_sections = true,
                                    .names = true,
                                    .names_destination = false,
                                    .style = NameText::Style::as_sent};
inline constexpr Dialect kLinkLocal{// RFC 4795
                                    .names = true,
                                    .names_destination = false,
                                    .style = NameText::Style::as_sent};

// Reads a whole message, or with `cut` what there is of one. A malformed message is worth a record if it has a name.
Parsed parse_message(base::Bytes message, bool cut, const Dialect& dialect, model::RecordWriter& record);

}  // namespace telltale::extract::dns
