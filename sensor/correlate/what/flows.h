// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/correlate/what/application.h"
#include "sensor/correlate/what/attribution.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/correlate/who/seen.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// An open flow of a partition: what it is called, whose it is, and what the ledger needs.
struct FlowState {
    model::FlowKey key;
    std::int64_t start_ns = 0;
    DeviceIndex device = kNoDevice;                  // the accountable one
    bool both_sides = false;                         // it is behind both sides
    model::MacAddress device_mac;                    // as the first packet had it
    model::Direction up = model::Direction::a_to_b;  // from the accountable device
    Application application = Application::other;
    FlowNames names;
    NameId server_name = kNoName;
    NameId ja3 = kNoName;
    NameId ja4 = kNoName;
    bool decided = false;
    Attribution attribution;
    std::int64_t counted_interval_ns = INT64_MIN;  // the last interval whose row counts this flow
    OwnerIndex counted_owner = kUnattributedIndex;
    bool in_open_count = false;                      // the ledger counts it among its party's open flows
    std::uint32_t open_epoch = 0;                    // for which `open` is valid
    std::uint64_t* open = nullptr;                   // the ledger's count of them
    std::array<std::uint64_t, 2> unnamed_packets{};  // by direction: what went to unattributed
    std::array<std::uint64_t, 2> unnamed_bytes{};

    [[nodiscard]] const model::IpAddress& near() const { return up == model::Direction::a_to_b ? key.a : key.b; }
    [[nodiscard]] const model::IpAddress& far() const { return up == model::Direction::a_to_b ? key.b : key.a; }
    // 0 where the protocol has no ports.
    [[nodiscard]] std::uint16_t near_port() const { return port(up); }
    [[nodiscard]] std::uint16_t far_port() const { return port(model::opposite(up)); }

  private:
    [[nodiscard]] std::uint16_t port(model::Direction from) const {
        if (!model::has_ports(key.protocol)) return 0;
        return from == model::Direction::a_to_b ? key.port_a : key.port_b;
    }
};

// The open flows of a partition, by the number that who gives them, which is the lowest that is free. They stay where
// they are, in chunks; a chunk whose flows have all ended is released, so that a peak does not keep its memory.
// Single-threaded.
class Flows {
  public:
    static constexpr std::size_t kChunkFlows = 64;

    // A flow begins: its number may have been another's before.
    FlowState& open(const FlowOpened& opened);
    // The flow has been opened and not closed.
    FlowState& operator[](FlowIndex flow) { return chunks_[flow / kChunkFlows]->flows[flow % kChunkFlows]; }
    void close(FlowIndex flow);

    // For speed: the flow will be asked for soon.
    void prefetch(FlowIndex flow) const;

    // The chunks that hold flows.
    [[nodiscard]] std::size_t chunks() const { return used_chunks_; }

  private:
    struct Chunk {
        std::array<FlowState, kChunkFlows> flows;
        std::bitset<kChunkFlows> open;
    };

    std::vector<std::unique_ptr<Chunk>> chunks_;  // null: released, or not used yet
    std::unique_ptr<Chunk> spare_;                // the last that was released, for the next
    std::size_t used_chunks_ = 0;
};

}  // namespace telltale::correlate
