// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <vector>

#include "exporters/event_store.h"
#include "sensor/app/service/fleet_figures.h"
#include "sensor/model/event.h"
#include "sensor/privacy/privacy_stage.h"

namespace telltale::app {

// The way of an event into the store: through the privacy stage, counted for the metrics. One thread emits, that of the
// correlator, since a store has one appender; others post.
class EventFeed {
  public:
    EventFeed(exporters::EventStore& store, FleetFigures& fleet) : store_(store), fleet_(fleet) {}

    // Whether the store took it.
    bool emit(model::Event&& event);
    // Any thread: for the next emit_posted(). At most kMaxPosted wait, later ones are dropped.
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
