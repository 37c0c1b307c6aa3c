// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/correlate/who/seen.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

#define TELLTALE_SEEN_FLOWS_COUNTERS(X)                                                           \
    X(flows, counter, "Flows that were seen")                                                     \
    X(flows_without_start, counter, "Flows whose first record was not the one that opens a flow") \
    X(flows_over_limit, counter, "Records of flows beyond the limit of workers or of flows per worker")

// Counted by the SeenFlows.
struct SeenFlowsCounters {
    TELLTALE_COUNTERS(SeenFlowsCounters, TELLTALE_SEEN_FLOWS_COUNTERS)
};

// An open flow, as who remembers it.
struct SeenFlow {
    std::uint32_t serial = 0;  // 0: the slot is free
    FlowIndex flow = kNoFlow;
    std::array<DeviceIndex, 2> devices{};
    DeviceIndex device = kNoDevice;
    model::Direction up = model::Direction::a_to_b;
};

// The open flows of all workers, by worker and slot. A slot holds another flow when its serial changes. Gives each flow
// a number among those of its partition. Single-threaded.
class SeenFlows {
  public:
    struct Config {
        std::size_t max_slots = 4'194'304;  // per worker
        std::size_t max_workers = 256;
        std::size_t partitions = 1;
    };

    explicit SeenFlows(Config config) : config_(config), numbers_(config.partitions) {}

    // The flow's slot; `fresh` if its serial is new: the caller fills it and calls number(). Beyond the limits: a slot
    // that is fresh each time.
    SeenFlow& get(const model::FlowRef& flow, bool& fresh);
    // Gives a fresh flow, whose device is known now, its number.
    void number(SeenFlow& slot);
    void close(const model::FlowRef& flow);

    // Null where no flow has been yet.
    [[nodiscard]] const SeenFlow* find(const model::FlowRef& flow) const {
        return const_cast<SeenFlows*>(this)->slot_of(flow);
    }

    void count_flow(bool has_start) {
        ++counters_.flows;
        if (!has_start) ++counters_.flows_without_start;
    }
    [[nodiscard]] const SeenFlowsCounters& counters() const { return counters_; }

  private:
    // Slots stay where they are when the table grows.
    static constexpr std::size_t kChunkSlots = 1024;
    using Chunk = std::array<SeenFlow, kChunkSlots>;

    // Numbers of one partition. 0 is that of the flow beyond the limits.
    struct Numbers {
        FlowIndex next = 1;
        std::vector<FlowIndex> free;  // a heap, the lowest in front: so that what keeps flows by number stays dense
    };

    SeenFlow* slot_of(const model::FlowRef& flow);
    void free_number(const SeenFlow& slot);

    Config config_;
    SeenFlowsCounters counters_;
    std::vector<std::vector<std::unique_ptr<Chunk>>> workers_;
    std::vector<Numbers> numbers_;  // by partition
    SeenFlow beyond_limit_;
};

}  // namespace telltale::correlate
