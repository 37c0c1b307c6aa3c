// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporters/ecs/json_format.h"
#include "exporters/event_store.h"
#include "sensor/model/event.h"
#include "sensor/privacy/privacy_stage.h"

namespace telltale::app {

// The path of every event: through the privacy stage, past the listeners (summary, metrics), and, if there is a store,
// rendered once into it. Used by the correlator thread only. Listeners also hear of events that the store drops: they
// describe the traffic.
class EventPath {
  public:
    using Listener = std::function<void(const model::Event&)>;

    void add_listener(Listener listener) { listeners_.push_back(std::move(listener)); }
    // The observer names this sensor and boot in the events. The store outlives the path.
    void deliver_to(exporters::EventStore& store, const ecs::ObserverInfo& observer);

    // Returns whether the event is on its way: false if the store dropped it.
    bool emit(model::Event&& event);

  private:
    privacy::PrivacyStage privacy_{privacy::Mode::identity};
    std::vector<Listener> listeners_;
    exporters::EventStore* store_ = nullptr;
    std::unique_ptr<ecs::JsonFormat> format_;
    std::string sensor_id_;
};

}  // namespace telltale::app
