// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/dns.h"

#include <algorithm>

#include "sensor/extract/dns/message.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;

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

}  // namespace

Sniff sniff(const Message& message) { return on_port(message, kPort) ? Sniff::yes : Sniff::no; }

Parsed parse(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, kUnicast, record);
}

Sniff sniff_multicast(const Message& message) { return on_port(message, kMulticastPort) ? Sniff::yes : Sniff::no; }

Parsed parse_multicast(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, kMulticast, record);
}

Sniff sniff_link_local(const Message& message) { return on_port(message, kLinkLocalPort) ? Sniff::yes : Sniff::no; }

Parsed parse_link_local(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
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

Parsed parse_stream(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
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
