// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "exporters/event_store.h"

namespace telltale::exporters {

// Returns the store that the sensor runs with: the only place that names a kind of store.
std::unique_ptr<EventStore> make_store(const StoreLimits& limits, Overflow overflow);

}  // namespace telltale::exporters
