// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exporters/ecs/json_format.h"
#include "exporters/event_store.h"
#include "sensor/base/counters.h"
#include "sensor/model/event.h"
#include "sensor/privacy/privacy_stage.h"

namespace telltale::pipeline {

#define TELLTALE_EVENT_PATH_COUNTERS(X) \
    X(posted_dropped, counter, "Events about the sensor that were dropped because too many waited for the correlator")

struct EventPathCounters {
    TELLTALE_COUNTERS(EventPathCounters, TELLTALE_EVENT_PATH_COUNTERS)
};

// The path of every event, including those about the sensor itself: through the only privacy stage, past the listeners
// (summary, metrics), and, if there is a store, rendered once into it. Used by the correlator thread, because a store
// has one appender; other threads post. Listeners also hear of events that the store drops: they describe the traffic.
class EventPath {
  public:
    using Listener = std::function<void(const model::Event&)>;

    void add_listener(Listener listener) { listeners_.push_back(std::move(listener)); }
    // The observer names this sensor and boot in the events. The store outlives the path.
    void deliver_to(exporters::EventStore& store, const ecs::ObserverInfo& observer);

    // Returns whether the event is on its way: false if the store dropped it.
    bool emit(model::Event&& event);
    // Any thread: keeps the event for the next emit_posted(). At most kMaxPosted wait; later ones are dropped and
    // counted.
    void post(model::Event&& event);
    void emit_posted();
    // Any thread.
    [[nodiscard]] EventPathCounters counters() const;

    [[nodiscard]] const privacy::PrivacyStage& privacy() const { return privacy_; }

    static constexpr std::size_t kMaxPosted = 100;

  private:
    privacy::PrivacyStage privacy_{privacy::Mode::identity};
    std::vector<Listener> listeners_;
    exporters::EventStore* store_ = nullptr;
    std::unique_ptr<ecs::JsonFormat> format_;
    std::string sensor_id_;
    mutable std::mutex mutex_;
    std::vector<model::Event> posted_;
    EventPathCounters counters_;
};

}  // namespace telltale::pipeline
