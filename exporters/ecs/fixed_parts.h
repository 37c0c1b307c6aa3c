// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporters/ecs/json_format.h"
#include "sensor/base/enumeration.h"
#include "sensor/model/event_words.h"

namespace telltale::ecs {

// Keeps the members that are the same in every event of a sensor's boot, or in every event of an action: a third of the
// bytes. They are written once, as whole members with their commas, or cut off where an event's own value follows.
class FixedParts {
  public:
    // "event", in the order of its pieces.
    struct EventPart {
        std::string before_sequence;  // "event":{"id":"sensor:boot:device.v1:
        std::string before_action;    // ","kind":...,"category":[...],"type":[...],
        std::string after_action;     // "module":...,"dataset":...,
    };

    explicit FixedParts(const ObserverInfo& observer);

    [[nodiscard]] const EventPart& event(model::EventAction action) const { return events_[action]; }
    // "ecs":{...},
    [[nodiscard]] const std::string& ecs() const { return ecs_; }
    // "observer":{...},
    [[nodiscard]] const std::string& observer() const { return observer_; }
    // "telltale":{"schema":...,"sensor":{...},"signatures":{"version":...,"generation":
    [[nodiscard]] const std::string& before_generation() const { return before_generation_; }

  private:
    base::EnumArray<model::EventAction, EventPart> events_;
    std::string ecs_;
    std::string observer_;
    std::string before_generation_;
};

}  // namespace telltale::ecs
