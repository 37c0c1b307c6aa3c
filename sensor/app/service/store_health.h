// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <vector>

#include "exporters/event_store.h"
#include "sensor/model/event.h"

namespace telltale::app {

// The store's part of health events: its figures, sequence numbers that no event carries or whose event a destination
// refused for good, and, once per boot, where the boot before ended, so that a receiver knows whether it has everything
// of it. Owned by the correlator's thread.
class StoreHealth {
  public:
    explicit StoreHealth(exporters::EventStore& store);

    // "store.transfer.created"; "drops.transfer.0.first", "drops.transfer.0.last"; the same with "evicted" and
    // "refused"; and "last_boot.transfer". Ranges of the boot before begin with "last_boot."; what was refused before
    // this boot is not repeated.
    void add_to(model::Health& health);
    // The event that was last added to is stored: its ranges and the last boot are not repeated.
    void note_stored();

  private:
    // Returns sequences of refused events that no stored event names yet.
    [[nodiscard]] std::vector<exporters::DropRange> refused();

    exporters::EventStore& store_;
    const exporters::Position boot_begins_;       // events behind it are of this boot
    std::set<exporters::Position> refused_told_;  // of those that the store still lists
    std::set<exporters::Position> refused_;       // and those that the last event names
    std::vector<exporters::DropRange> drops_;
    bool last_boot_told_ = false;
};

}  // namespace telltale::app
