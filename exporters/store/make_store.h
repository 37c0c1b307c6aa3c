// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "exporters/event_store.h"

namespace telltale::exporters {

// Returns the store of a sensor that keeps events in memory. The one on disk needs more (outbox/outbox_store.h).
std::unique_ptr<EventStore> make_store(const StoreLimits& limits, Overflow overflow);

}  // namespace telltale::exporters
