// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sensor/extract/extractors.h"
#include "tests/support/bytes.h"

namespace telltale::extract {

// A record as a test sees it: fields as text, numbers in decimal, in order.
struct Read {
    model::RecordKind kind = model::RecordKind::flow_start;
    bool truncated = false;
    std::vector<std::pair<model::Field, std::string>> fields;

    // The first field of this name; "" when absent.
    [[nodiscard]] std::string text(model::Field field) const;
    [[nodiscard]] bool has(model::Field field) const;
    [[nodiscard]] std::vector<std::string> all(model::Field field) const;
    bool operator==(const Read&) const = default;
};

// One UDP payload, copied to a buffer of its exact size first, so that a sanitizer sees a read beyond it.
std::vector<Read> read_datagram(std::uint16_t source_port, std::uint16_t destination_port,
                                const support::Bytes& payload, bool cut = false);

// Datagrams of one flow, one after the other, from a port of the client's to this one.
std::vector<Read> read_datagrams(std::uint16_t destination_port, const std::vector<support::Bytes>& datagrams);

// The records in a buffer, which is emptied.
std::vector<Read> records_in(model::RecordBuffer& buffer);

// A packet that speaks for itself, as Extractors::packet takes it.
std::vector<Read> read_packet(Transport transport, model::PacketView packet);

struct StreamReading {
    std::vector<Read> records;
    StreamVerdict::Demand demand = StreamVerdict::Demand::next_message;
    bool named = false;
};

// Segments of one direction as a worker's loop gives them to an extractor. With `cut` nothing follows the last one.
struct StreamOptions {
    std::uint16_t source_port = 40000;
    std::uint16_t destination_port = 443;
    bool cut = false;
};
StreamReading read_stream(const std::vector<support::Bytes>& segments, const StreamOptions& options = {});

// A way to read a part of a message: datagrams of a flow, a stream's first bytes, or a packet. `cut`: the capture has
// no more of it; else the sender has sent no more.
using ReadPart = std::function<std::vector<Read>(const support::Bytes& part, bool cut)>;
ReadPart udp(std::uint16_t source_port, std::uint16_t destination_port);
ReadPart tcp(StreamOptions options = {});

struct WholeValue {
    model::Field field;
    std::string value;  // of every occurrence
};
// Records of prefixes that their sender ended.
enum class Uncut : std::uint8_t {
    nothing,
    what_is_sound,   // malformed messages give what precedes the fault
    shorter_values,  // lines of text: a prefix is a message of its own, with values of its own
};
// Reads every proper prefix of a message, at an exact-size buffer's end: it gives one record or none, and a field of
// `values` is there with its value or not at all. Cut prefixes are read as far as they go. `and_also` sees every record
// whose values are checked. Fails if no prefix shows a field of `values`, or if none gives a record; `nothing`: if one
// does.
struct PrefixRules {
    Uncut uncut = Uncut::nothing;
    bool nothing = false;
    std::function<void(const Read& record, std::size_t size)> and_also{};
};
void expect_whole_values(const ReadPart& read, const support::Bytes& message, const std::vector<WholeValue>& values,
                         const PrefixRules& rules = {});

std::vector<support::Bytes> in_pieces(const support::Bytes& bytes, std::size_t size);
std::vector<support::Bytes> in_two(const support::Bytes& bytes, std::size_t at);

}  // namespace telltale::extract
