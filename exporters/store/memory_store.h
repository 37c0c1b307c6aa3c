// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "exporters/store/booked_store.h"

namespace telltale::exporters {

// The store in memory: bounded, lost with the process.
class MemoryStore : public BookedStore {
  public:
    MemoryStore(StoreLimits limits, Overflow overflow) : BookedStore(limits, overflow) {}

  protected:
    Kept keep(const StoredEnvelope& envelope) override;
    base::Status load(model::Topic topic, Position after, std::size_t max, std::vector<StoredEnvelope>& batch) override;
    void release(model::Topic topic, Position up_to) override;

  private:
    base::EnumArray<model::Topic, std::deque<StoredEnvelope>> logs_;
};

}  // namespace telltale::exporters
