// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/base/enumeration.h"
#include "sensor/model/packet_view.h"
#include "sensor/model/record.h"

namespace telltale::extract {

struct Workspace;  // the scratch memory of all protocols

// Most bytes of one direction of a stream that a message may wait for; at this size it is read as far as it goes.
inline constexpr std::size_t kMaxStreamBytes = 20 * 1024;

// The packets that carry a protocol's messages.
#define TELLTALE_TRANSPORTS(X)                                                                          \
    X(udp, "udp")       /* a datagram's payload */                                                      \
    X(tcp, "tcp")       /* one direction of a stream */                                                 \
    X(icmpv6, "icmpv6") /* an ICMPv6 message */                                                         \
    X(link, "link")     /* a frame without IP: what follows its EtherType, or its LLC or SNAP header */ \
    X(syn, "syn")       /* a TCP SYN without ACK: nothing but the packet's fields */                    \
    X(arp, "arp")       /* the fields of an ARP packet */

TELLTALE_ENUMERATION(Transport, std::uint8_t, TELLTALE_TRANSPORTS)

// Answer of a protocol to the bytes at a message's start, before anything is parsed.
enum class Sniff : std::uint8_t {
    no,
    yes,        // parse() is called
    need_more,  // too few bytes to decide; never the answer to a cut message or outside streams
    finished,   // the protocol's, but nothing that names anybody will follow in this direction
};

enum class Outcome : std::uint8_t { done, need_more, not_mine, malformed };

// Why a message is malformed: X(enumerator, word, help).
#define TELLTALE_MALFORMED_REASONS(X)                                                           \
    X(short_header, "malformed_short_header", "the fixed part does not fit")                    \
    X(bad_length, "malformed_bad_length", "a length goes beyond what holds it")                 \
    X(bad_name, "malformed_bad_name", "a name that loops, points forward or is over its limit") \
    X(bad_syntax, "malformed_bad_syntax", "text that breaks the grammar")                       \
    X(too_long, "malformed_too_long", "over the protocol's limit")
TELLTALE_ENUMERATION(Malformed, std::uint8_t, TELLTALE_MALFORMED_REASONS)

// Bytes that begin with a message. Borrowed for the call.
struct Message {
    base::Bytes bytes;
    bool cut = false;  // nothing follows `bytes`: the capture was snapped, or a limit is reached
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    const model::PacketView* packet = nullptr;  // the packet with these bytes; null in streams, which outlive packets
};

// How far a parser has come in a message that grows, so that a message in many segments costs its length and not its
// square. All zero at a message's start; the protocol decides what the numbers mean. A message may come in
// several datagrams, too: a parser that answers need_more gets the direction's next datagram with the same progress.
struct MessageProgress {
    std::uint16_t scanned = 0;
    std::uint16_t gathered = 0;
};

// An outcome that only one protocol knows, beside Outcome: counted for it, and shown with the others. `help` without
// full stop. A protocol lists its own in its header, and names the list in its registry line.
struct OwnOutcome {
    std::string_view name;
    std::string_view help;
};

// Result of parse().
struct Parsed {
    Outcome outcome = Outcome::not_mine;
    Malformed reason = Malformed::short_header;  // of a malformed message
    bool named = false;                          // the record names a destination
    bool partial = false;                        // malformed: what was read before is sound and worth a record
    bool last = false;                           // nothing of interest will follow in this direction
    bool silent = false;                         // done: the protocol's, and nothing in it is worth a record
    std::size_t used = 0;                        // done: bytes of the message; never 0
    const OwnOutcome* own = nullptr;             // of the protocol's list

    // Set by Extractors: the record was written. Parsers leave it alone.
    bool recorded = false;
};

constexpr Parsed need_more() { return {.outcome = Outcome::need_more}; }
constexpr Parsed not_mine() { return {.outcome = Outcome::not_mine}; }
constexpr Parsed malformed(Malformed reason) { return {.outcome = Outcome::malformed, .reason = reason}; }
constexpr Parsed done(std::size_t used, bool named) { return {.outcome = Outcome::done, .named = named, .used = used}; }

// A protocol as the registry knows it. The functions neither allocate nor throw nor log, and they look at nothing but
// their arguments. parse() writes the record's fields; the writer is committed for `done` and forgotten otherwise. With
// `cut` set, parse() reads as far as the message goes and marks the record truncated; it never needs more.
//
// A protocol's own parse() is (message, progress, record, scratch...): the types after the record are the scratch
// memory that it needs, of workspace.h. `parse` here is made of it by the registry.
struct Protocol {
    std::string_view name;
    Transport transport;
    Sniff (*sniff)(const Message&);
    Parsed (*parse)(const Message&, MessageProgress&, Workspace&, model::RecordWriter&);
    model::RecordKind kind;
    std::span<const OwnOutcome> own_outcomes{};
};

}  // namespace telltale::extract
