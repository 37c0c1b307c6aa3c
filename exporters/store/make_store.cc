// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/make_store.h"

#include "exporters/store/memory_store.h"

namespace telltale::exporters {

std::unique_ptr<EventStore> make_store(const StoreLimits& limits, Overflow overflow) {
    return std::make_unique<MemoryStore>(limits, overflow);
}

}  // namespace telltale::exporters
