// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/counters.h"
#include "sensor/model/packet_view.h"
#include "sensor/model/record.h"

namespace telltale::extract {

struct DatagramVerdict {
    bool record = false;   // a record was written
    bool named = false;    // it names a destination
    bool unknown = false;  // the first datagram of its direction that no protocol knew
};

struct StreamVerdict {
    enum class Demand : std::uint8_t {
        more,          // keep the bytes and call again, from the same start, when there are more of them
        next_message,  // forget the bytes; call again with the next segment's bytes as a new start
        finished,      // nothing of interest will follow in this direction: do not call again
    };
    Demand demand = Demand::finished;
    bool named = false;  // a record that names the flow's destination was written by this call
};

// State of a flow between calls of stream() and datagram(), both directions; kept in the flow's slot. All zero is a new
// flow.
struct ExtractState {
    struct Side {
        std::uint8_t protocol = 0;   // index in kProtocols + 1 while a message is incomplete
        std::uint8_t known : 1 = 0;  // a message was found before
        std::uint8_t finished : 1 = 0;
        std::uint8_t misses : 6 = 0;  // starts in a row that no protocol knew; datagrams: of all
        std::uint16_t start = 0;      // where the incomplete message starts in the bytes that the caller keeps
        MessageProgress progress;
    };
    std::array<Side, 2> sides{};  // indexed by model::Direction
};
static_assert(sizeof(ExtractState) <= 16 && std::is_trivially_copyable_v<ExtractState>);

// Reads messages out of payloads and writes them as records. One per worker; not thread-safe. Construction allocates,
// nothing afterwards does. `origin` is the header of the packet that completes the message: the record gets a copy of
// it with its own kind. A record that finds no room in `out` (model::kMaxRecordBytes) is lost and counted.
class Extractors {
  public:
    Extractors();
    ~Extractors();
    Extractors(Extractors&&) noexcept;
    Extractors& operator=(Extractors&&) = delete;

    // The payload of one UDP datagram. Nothing is read of a direction that is finished.
    DatagramVerdict datagram(const model::RecordHeader& origin, const model::PacketView& packet, ExtractState& state,
                             model::RecordBuffer& out);

    // A packet that speaks for itself: an ICMPv6 message, a SYN, ARP, a frame without IP. True if a record was written.
    bool packet(const model::RecordHeader& origin, Transport transport, const model::PacketView& packet,
                model::RecordBuffer& out);

    // Whether a protocol reads this packet that speaks for itself: most frames without IP need no look at repeats.
    [[nodiscard]] bool knows(Transport transport, const model::PacketView& packet) const;

    // `contiguous` is what is known of one direction of a TCP stream, in order, from a message's start. `cut` says that
    // no byte will ever follow it (snapped, a gap that is given up, the flow's end): it is read as far as it goes. A
    // call may write several records (pipelined requests).
    StreamVerdict stream(const model::RecordHeader& origin, base::Bytes contiguous, bool cut, ExtractState& state,
                         model::RecordBuffer& out);

    [[nodiscard]] const ExtractCounters& counters() const { return counters_; }

  private:
    struct Found {
        Sniff sniff = Sniff::no;
        std::size_t protocol = 0;
    };
    Found find(Transport transport, const Message& message) const;
    Parsed read(std::size_t protocol, const Message& message, MessageProgress& progress,
                const model::RecordHeader& origin, model::RecordBuffer& out);
    StreamVerdict leave(ExtractState::Side& side, bool missed, bool named);
    DatagramVerdict leave(ExtractState::Side& side, DatagramVerdict verdict);

    std::unique_ptr<Workspace> workspace_;
    ExtractCounters counters_;
};

}  // namespace telltale::extract
