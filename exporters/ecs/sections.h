// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporters/ecs/event_writer.h"
#include "sensor/model/event.h"

namespace telltale::ecs {

// The parts of an event's JSON, each a top-level name or a few that belong together; they write nothing where the event
// holds nothing.
void write_device(JsonObject& root, const model::Event& event);   // host, device
void write_network(JsonObject& root, const model::Event& event);  // source, destination, network, tls
void write_rule(JsonObject& root, const model::Event& event);     // rule, url
// telltale; `opening` is FixedParts::before_generation().
void write_telltale(JsonObject& root, const model::Event& event, Opening opening);

}  // namespace telltale::ecs
