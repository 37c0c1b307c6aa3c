// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/stable_map.h"
#include "sensor/base/stable_vector.h"
#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/keyed_hash.h"

namespace telltale::correlate {

// A device has met a destination: the name, or without one the address. What is in clear, what is not, and what is not
// known are contacts of their own, because policies tell them apart.
struct Contact {
    FlowState flow;           // the first one
    std::uint64_t flows = 0;  // all that were decided
};

// All contacts, for first-contact events and for policies that wait for a device's identity. Never forgets; bounded in
// total and for each device.
class Contacts {
  public:
    Contacts(const CorrelateConfig& config, Counters& counters) : config_(config), counters_(counters) {}

    enum class Outcome : std::uint8_t { first, known, no_room };
    // Counts the flow, or several like it. `first`: the device never met the destination before, in any form.
    Outcome note(const FlowState& flow, std::uint64_t flows = 1);
    [[nodiscard]] const base::StableVector<Contact>& all() const { return contacts_; }  // oldest first

    // Calls visit(const Contact&) for the device's contacts, oldest first.
    template <typename Visit>
    void for_device(DeviceIndex device, Visit&& visit) const {
        if (device >= by_device_.size()) return;
        for (const Contact* contact : by_device_[device]) visit(*contact);
    }

  private:
    struct Key {
        DeviceIndex device;
        NameId name;
        std::array<std::uint8_t, 16> address;  // zero where there is a name
        bool operator==(const Key&) const = default;
    };

    const CorrelateConfig& config_;
    Counters& counters_;
    base::StableVector<Contact> contacts_;
    using ByClear = std::array<Contact*, kClearCount>;  // null: not met
    base::StableMap<Key, ByClear, PackedHash<Key>> by_key_;
    std::vector<std::vector<const Contact*>> by_device_;
};

}  // namespace telltale::correlate
