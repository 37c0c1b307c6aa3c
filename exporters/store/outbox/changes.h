// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/store/outbox/ledger.h"

namespace telltale::exporters::outbox {

// Changes that one transaction writes.
struct Changes {
    std::vector<StoredEnvelope> events;                               // in the order of their positions
    std::map<std::pair<std::string, model::Topic>, Position> places;  // of readers
    std::optional<std::vector<DropRange>> drops;                      // all that are untold
    std::vector<DeadRow> dead;
    std::unordered_map<std::string, model::StateRow> rows;  // by kind/key, as they are after the events
    PlacesByTopic released;                                 // by topic: no reader waits for events up to here
    std::map<Position, DeadKey> replays;                    // which of the events are copies of dead ones

    [[nodiscard]] bool empty() const {
        return events.empty() && places.empty() && !drops && dead.empty() && rows.empty();
    }
};

}  // namespace telltale::exporters::outbox
