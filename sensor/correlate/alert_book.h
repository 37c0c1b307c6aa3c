// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/correlate/device_table.h"
#include "sensor/correlate/event_outlet.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/keyed_hash.h"
#include "sensor/correlate/snapshots.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// The open alerts: one for a policy, a device, an owner and a category; where the owner is not known, one for the name
// or address. It is told when it opens; later flows are counted, and told at an interval's end at most every
// alert_update_ns, and at the end of the input. Its id is keyed by the site and the same in the next run.
class AlertBook {
  public:
    AlertBook(const CorrelateConfig& config, const signatures::Bundle& bundle, const Snapshots& snapshots,
              EventOutlet& outlet, Counters& counters);

    // The policy held for `flows` flows like this one.
    void raise(std::size_t policy, const Device& device, const FlowState& flow, std::uint64_t flows,
               std::int64_t time_ns);
    void update(std::int64_t time_ns, bool last, DeviceTable& devices);

    struct Open {
        model::Alert alert;
        DeviceIndex device = kNoDevice;
        FlowState flow;  // the one that opened it
        std::uint64_t told_count = 0;
        std::int64_t told_ns = 0;
    };
    [[nodiscard]] const std::deque<Open>& all() const { return open_; }  // in the order of opening
    // An alert of before the start. False when the bundle has its policy no more, or there is no room.
    bool restore(Open open);

  private:
    struct Key {
        std::uint32_t policy;
        DeviceIndex device;
        OwnerIndex owner;
        std::uint32_t category;
        NameId name;
        std::array<std::uint8_t, 16> address;
        bool operator==(const Key&) const = default;
    };

    static Key key_of(std::size_t policy, DeviceIndex device, const FlowState& flow);
    void tell(Open& open, const Device& device, std::int64_t time_ns);

    const CorrelateConfig& config_;
    const signatures::Bundle& bundle_;
    const Snapshots& snapshots_;
    EventOutlet& outlet_;
    Counters& counters_;
    std::deque<Open> open_;  // in the order of opening
    std::unordered_map<Key, Open*, PackedHash<Key>> by_key_;
};

}  // namespace telltale::correlate
