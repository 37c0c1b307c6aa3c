// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sensor/model/flow_key.h"
#include "sensor/track/stream_state.h"

namespace telltale::track {

constexpr std::size_t index_of(model::Direction direction) { return static_cast<std::size_t>(direction); }

// Packets of one direction of a flow. Bytes are IP lengths. The number of packets wraps at 2^32: differences stay
// correct.
struct FlowCount {
    std::uint64_t bytes = 0;
    std::uint64_t payload_bytes = 0;  // as on the wire
    std::uint32_t packets = 0;
    std::uint32_t next_sequence = 0;  // TCP: of the byte that is expected next; 0: not known
};

// The part of it that deltas have reported.
struct ReportedCount {
    std::uint64_t bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint32_t packets = 0;
    std::uint32_t missing_bytes = 0;  // TCP: before what was seen, and not seen yet themselves
};

// An open flow. Lives in its FlowSlots, which reuses the slot under another serial; borrow it no longer than the packet
// is handled. Arrays are indexed by index_of(Direction). Four cache lines: fields that every packet uses come first.
// Extractors own `extractor_state` (zero when the flow opens) and hand `streams` to the StreamAssembler; all else is
// Tracker's, to be read.
struct alignas(64) FlowSlot {
    // Every packet.
    model::FlowKey key;
    std::int64_t seen_ns = 0;  // last packet on the tracker's own clock, which never runs backwards: for timeouts only
    std::uint32_t serial = 0;  // of FlowRef; 0: the slot is free
    std::uint8_t tcp_flags = 0;                             // all that were seen, both directions
    model::Direction initiator = model::Direction::a_to_b;  // who opened it: SYN, else the first packet's sender
    bool announced = false;                                 // flow_start is made
    bool unreported = false;                                // has packets that no delta has carried

    std::array<FlowCount, 2> total;
    std::int64_t delta_first_ns = 0;  // packet time of the first unreported packet
    std::int64_t last_ns = 0;         // packet time of the last packet

    // While a name is being read.
    alignas(8) std::array<std::byte, 16> extractor_state{};
    std::array<StreamState, 2> streams;
    std::int64_t first_ns = 0;           // packet time of the first packet
    std::int64_t interval_start_ns = 0;  // ledger interval of the unreported packets
    std::uint32_t initial_sequence = 0;  // of the initiator's SYN
    std::uint32_t tag = 0;               // of base::HashIndex
    std::array<std::uint16_t, 2> vlan{};
    std::uint8_t vlan_count = 0;
    std::array<std::uint8_t, 2> ttl{};  // of the first packet each way; 0: none seen
    std::uint8_t fins = 0;              // bit per direction; both: the connection is over (FIN both ways, or RST)

    // When a delta is made.
    std::array<ReportedCount, 2> reported;
    // The source MAC of the first packet each way; until the second side has spoken, the MAC it was addressed by.
    std::array<model::MacAddress, 2> mac;
    bool closing = false;  // out of the index; freed when its final delta is made
    std::uint8_t zero[3] = {};

    [[nodiscard]] bool connection_over() const { return fins == 3; }
    [[nodiscard]] bool seen(model::Direction direction) const { return total[index_of(direction)].packets != 0; }
};
static_assert(sizeof(FlowSlot) == 256);

}  // namespace telltale::track
