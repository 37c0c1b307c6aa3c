// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/stable_vector.h"
#include "sensor/correlate/config.h"
#include "sensor/correlate/device_table.h"
#include "sensor/correlate/event_outlet.h"
#include "sensor/correlate/policies.h"
#include "sensor/correlate/snapshots.h"

namespace telltale::correlate {

struct SavedState;

// What is certain enough of a device's identity.
KnownIdentity known_identity(const Device& device, const CorrelateConfig& config);

// Tells of devices: first seen; identified, when a maker, system or class is known for the first time; changed, when
// one of these becomes another, or a name, model or address is added. Changes are gathered and told by flush(), so that
// what one frame says of a device is one event; the first one tells all that there is.
class DeviceReports {
  public:
    DeviceReports(const CorrelateConfig& config, const Snapshots& snapshots, EventOutlet& outlet)
        : config_(config), snapshots_(snapshots), outlet_(outlet) {}

    void note(const Device& device);  // new, or its identity may have changed
    // A change as a part of a sentence, "new address 10.0.0.5": made only where it will be told.
    template <typename MakeChange>
    void note(const Device& device, MakeChange&& make_change) {
        Told& told = this->told(device);
        if (told.announced && told.changes.size() < kMaxChanges) told.changes.push_back(make_change());
    }

    void flush(std::int64_t time_ns, DeviceTable& devices);

    // What was told of the devices that `state` has.
    void save(SavedState& state) const;
    void restore(const SavedState& state);

  private:
    static constexpr std::size_t kMaxChanges = 16;  // of one event; the snapshot holds them all anyway

    struct Told {
        bool pending = false;
        bool announced = false;
        KnownIdentity known;
        std::string model;
        std::vector<std::string> changes;
    };

    Told& told(const Device& device);
    void tell(Told& told, const Device& device, std::int64_t time_ns);
    void emit(model::EventAction action, std::string message, const Device& device, std::int64_t time_ns);

    const CorrelateConfig& config_;
    const Snapshots& snapshots_;
    EventOutlet& outlet_;
    base::StableVector<Told> told_;     // by device
    std::vector<DeviceIndex> pending_;  // in the order of their first change
};

}  // namespace telltale::correlate
