// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <vector>

#include "exporters/event_store.h"
#include "sensor/app/service/fleet_figures.h"
#include "sensor/model/event.h"
#include "sensor/privacy/privacy_stage.h"

namespace telltale::app {

// Passes events through the privacy stage and the metrics' sums into the store. Only the correlator thread emits,
// because a store has one appender; other threads post.
class EventFeed {
  public:
    EventFeed(exporters::EventStore& store, FleetFigures& fleet) : store_(store), fleet_(fleet) {}

    // Returns whether the store accepted it.
    bool emit(model::Event&& event);
    // Queues an event for the next emit_posted(), kMaxPosted at most; further ones are dropped. Any thread.
    void post(model::Event&& event);
    void emit_posted();

  private:
    static constexpr std::size_t kMaxPosted = 100;

    exporters::EventStore& store_;
    FleetFigures& fleet_;
    privacy::PrivacyStage privacy_{privacy::Mode::identity};
    std::mutex mutex_;
    std::vector<model::Event> posted_;
};

}  // namespace telltale::app
