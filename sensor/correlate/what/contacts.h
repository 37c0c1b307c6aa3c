// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/base/stable_map.h"
#include "sensor/base/stable_vector.h"
#include "sensor/correlate/rows/changed_rows.h"
#include "sensor/correlate/what/flows.h"

namespace telltale::correlate {

#define TELLTALE_CONTACTS_COUNTERS(X)                                     \
    X(contacts, counter, "First contacts of a device with a destination") \
    X(contacts_over_limit, counter, "Contacts that found no room and raised no first-contact event")

// Counted by the Contacts.
struct ContactsCounters {
    TELLTALE_COUNTERS(ContactsCounters, TELLTALE_CONTACTS_COUNTERS)
};

// A device has met a destination: the name, or without one the address. Flows in clear, flows that are not, and flows
// of which it is not known are contacts of their own, because policies ask for it.
struct Contact {
    FlowState flow;              // the first one
    std::uint64_t flows = 0;     // all that were decided
    std::uint64_t sequence = 0;  // of the message that brought the first one
    bool noted = false;          // in the list of changed rows
};

// All contacts, for first-contact events and for policies that wait for a device's identity. Never forgets; bounded in
// total and for each device.
class Contacts {
  public:
    struct Config {
        std::size_t max_total = 262'144;
        std::size_t max_per_device = 4'096;
        bool keep_rows = false;  // somebody writes changed()
    };

    explicit Contacts(Config config) : config_(config), changed_(config.keep_rows) {}

    enum class Outcome : std::uint8_t { first, known, no_room };
    // Counts the flow. `first`: the device never met the destination before, in any form; the contact is the last of
    // all(). `place`: the device's in its partition (Profiles::place_of).
    Outcome note(const FlowState& flow, std::size_t place, std::uint64_t sequence) {
        return note(flow, place, sequence, 1);
    }
    // A contact of an earlier run, with the number of its flows; not counted.
    void restore(const FlowState& flow, std::size_t place, std::uint64_t sequence, std::uint64_t flows);
    [[nodiscard]] const base::StableVector<Contact>& all() const { return contacts_; }  // oldest first

    // Calls visit(const Contact&) for the device's contacts, oldest first.
    template <typename Visit>
    void for_device(std::size_t place, Visit&& visit) const {
        if (place >= by_device_.size()) return;
        for (const Contact* contact : by_device_[place]) visit(*contact);
    }
    // Those that have changed, but for first ones: these are reported.
    ChangedRows<Contact*>& changed() { return changed_; }
    void note_all() {
        for (Contact& contact : contacts_) changed_.note(contact.noted, &contact);
    }
    [[nodiscard]] const ContactsCounters& counters() const { return counters_; }

  private:
    struct Key {
        DeviceIndex device;
        NameId name;
        std::array<std::uint8_t, 16> address;  // zero where there is a name
        bool operator==(const Key&) const = default;
    };

    Outcome note(const FlowState& flow, std::size_t place, std::uint64_t sequence, std::uint64_t flows);

    const Config config_;
    ContactsCounters counters_;
    ChangedRows<Contact*> changed_;
    base::StableVector<Contact> contacts_;
    using ByClear = base::EnumArray<Clear, Contact*>;  // null: not met
    base::StableMap<Key, ByClear, base::PackedHash<Key>> by_key_;
    std::vector<std::vector<const Contact*>> by_device_;
};

}  // namespace telltale::correlate
