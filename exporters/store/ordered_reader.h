// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters {

// A reader that takes the events of all topics in the order in which they were stored. One thread. The store outlives
// it.
class OrderedReader {
  public:
    // Adds the reader: before the store's first append.
    OrderedReader(EventStore& store, std::string_view name) : store_(store), reader_(store.add_reader(name)) {}

    // Replaces `batch` with up to `max` of the next events. Returns how many.
    base::Result<std::size_t> read(std::size_t max, std::vector<StoredEnvelope>& batch);
    // Takes back what was read and not acknowledged: it is read again.
    void rewind() { read_ = acknowledged_; }
    // The reader is done with everything that it has read.
    base::Status acknowledge();
    bool wait(std::chrono::milliseconds timeout) { return store_.wait(read_, timeout); }
    // Returns how many events are not acknowledged.
    [[nodiscard]] std::uint64_t lag() const;

  private:
    EventStore& store_;
    ReaderId reader_;
    Position read_ = 0;
    Position acknowledged_ = 0;
    std::vector<StoredEnvelope> of_topic_;
};

}  // namespace telltale::exporters
