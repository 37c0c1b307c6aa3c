// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "exporters/ecs/event_writer.h"
#include "sensor/model/event.h"

namespace telltale::ecs {

// related.*: every address, name and fingerprint of an event, each once. Keeps its lists between events.
class Related {
  public:
    void write(JsonObject& root, const model::Event& event);

  private:
    void collect(const model::Event& event);

    std::vector<model::IpAddress> addresses_;
    std::vector<std::string_view> hosts_;
    std::vector<std::string_view> hashes_;
};

}  // namespace telltale::ecs
