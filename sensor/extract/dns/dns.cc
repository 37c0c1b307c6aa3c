// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/dns.h"

#include <algorithm>

#include "sensor/extract/dns/message.h"
#include "sensor/model/dns_answer.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;
namespace dns_type = model::dns_type;

constexpr std::uint16_t kPort = 53, kMulticastPort = 5353, kLinkLocalPort = 5355;
constexpr std::uint16_t kReservedFlag = 0x0040;

bool on_port(const Message& message, std::uint16_t port) {
    return message.source_port == port || message.destination_port == port;
}

// Whether this can be a message's header and not some place inside a transfer. A message has one question, or none
// when it continues a transfer.
bool plausible(const Header& header) {
    return header.questions <= 1 && header.opcode() <= kMaxOpcode && (header.flags & kReservedFlag) == 0 &&
           (header.response() || header.questions == 1);
}

constexpr std::uint16_t kClassIn = 1;
constexpr bool is_common_type(std::uint16_t type) {
    switch (type) {
        case dns_type::a:
        case dns_type::ns:
        case dns_type::cname:
        case dns_type::soa:
        case dns_type::ptr:
        case dns_type::mx:
        case dns_type::txt:
        case dns_type::aaaa:
        case dns_type::srv:
        case dns_type::svcb:
        case dns_type::https:
        case dns_type::any: return true;
        default: return false;
    }
}

// A name of two labels or more, written out, of letters, digits, hyphens and underscores.
bool read_plain_name(ByteReader& reader) {
    unsigned labels = 0;
    for (std::uint8_t size = 0; reader.read_u8(size) && size <= 63; ++labels) {  // each turn eats a byte
        Bytes label;
        if (size == 0) return labels >= 2;
        if (!reader.read_bytes(size, label)) return false;
        const bool plain = std::all_of(label.begin(), label.end(), [](std::uint8_t letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
        });
        if (!plain) return false;
    }
    return false;
}

}  // namespace

Sniff sniff_elsewhere(const Message& message) {
    constexpr std::uint16_t kNeverSet = 0x7840, kOnlyOfAnswers = 0x068f;  // opcode, reserved; AA, TC, RA, rcode
    constexpr std::uint16_t kMostRecords = 64;
    ByteReader reader(message.bytes);
    Header header;
    if (!read_header(reader, header) || header.questions != 1 || (header.flags & kNeverSet) != 0) return Sniff::no;
    if (header.answers > kMostRecords || header.authorities > kMostRecords || header.additionals > kMostRecords) {
        return Sniff::no;
    }
    const bool asks = !header.response();
    const bool bare = header.answers == 0 && header.authorities == 0;
    if (asks && (!bare || header.additionals > 1 || (header.flags & kOnlyOfAnswers) != 0)) return Sniff::no;
    std::uint16_t type = 0, question_class = 0;
    if (!read_plain_name(reader) || !reader.read_u16(type) || !is_common_type(type)) return Sniff::no;
    if (!reader.read_u16(question_class) || question_class != kClassIn) return Sniff::no;
    if (bare && header.additionals == 0) return reader.empty() ? Sniff::yes : Sniff::no;
    if (!asks) return reader.empty() ? Sniff::no : Sniff::yes;
    std::uint8_t root = 0;
    return reader.read_u8(root) && root == 0 && reader.read_u16(type) && type == dns_type::opt ? Sniff::yes : Sniff::no;
}

Sniff sniff(const Message& message) { return on_port(message, kPort) ? Sniff::yes : Sniff::no; }

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, kUnicast, record);
}

Sniff sniff_multicast(const Message& message) { return on_port(message, kMulticastPort) ? Sniff::yes : Sniff::no; }

Parsed parse_multicast(const Message& message, MessageProgress&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, kMulticast, record);
}

Sniff sniff_link_local(const Message& message) { return on_port(message, kLinkLocalPort) ? Sniff::yes : Sniff::no; }

Parsed parse_link_local(const Message& message, MessageProgress&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, kLinkLocal, record);
}

Sniff sniff_stream(const Message& message) {
    if (!on_port(message, kPort)) return Sniff::no;
    ByteReader reader(message.bytes);
    std::uint16_t length = 0;
    Header header;
    if (!reader.read_u16(length) || !read_header(reader, header)) return message.cut ? Sniff::no : Sniff::need_more;
    return length >= kHeaderBytes && plausible(header) ? Sniff::yes : Sniff::no;
}

Parsed parse_stream(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint16_t length = 0;
    if (!reader.read_u16(length)) return malformed(Malformed::short_header);
    if (length > reader.remaining() && !message.cut) return need_more();
    const Bytes bytes = reader.rest().first(std::min<std::size_t>(length, reader.remaining()));
    Parsed parsed = parse_message(bytes, bytes.size() < length, kUnicast, record);
    if (parsed.outcome == Outcome::done) parsed.used = bytes.size() + sizeof length;
    return parsed;
}

}  // namespace telltale::extract::dns
