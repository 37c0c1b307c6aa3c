// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "exporters/event_store.h"
#include "sensor/model/event.h"

namespace telltale::app {

// The store's part of health events: its figures, sequence numbers that no event carries, and, once per boot,
// where the boot before ended, so that a receiver knows whether it has everything of it. Owned by the correlator's
// thread.
class StoreHealth {
  public:
    explicit StoreHealth(exporters::EventStore& store) : store_(store) {}

    // "store.transfer.created"; "drops.transfer.0.first", "drops.transfer.0.last"; what was evicted as
    // "evicted.transfer.0.first"; "last_boot.transfer", and ranges of the boot before as
    // "last_boot.drops.transfer.0.first".
    void add_to(model::Health& health);
    // The event that was last added to is stored: its drops and the last boot are not repeated.
    void note_stored();

  private:
    exporters::EventStore& store_;
    std::vector<exporters::DropRange> drops_;
    bool last_boot_told_ = false;
};

}  // namespace telltale::app
