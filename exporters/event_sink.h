// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "sensor/base/result.h"
#include "sensor/model/event.h"

namespace telltale::exporters {

// The order of storing, over all kinds: 1, 2, 3 ... without gaps. 0 is before the first.
using Position = std::uint64_t;

// An event as a store hands it out; shared, so that several readers need no copies. Its sequence is set.
struct StoredEvent {
    Position position = 0;
    std::shared_ptr<const model::Event> event;
};

// What consumes events in batches: a file, a summary, a broker. One reader's thread calls it. An error means that none
// of the batch may be acknowledged, and that the sink will not recover by itself.
class EventSink {
  public:
    virtual ~EventSink() = default;
    virtual base::Status consume(std::span<const StoredEvent> batch) = 0;
    // What is buffered goes out; at the end and when the reader idles.
    virtual base::Status flush() { return base::Done{}; }
};

// How an event is written: appends one line's text, without the line feed. Keeps formats apart from destinations.
using EventFormat = std::function<void(const model::Event& event, std::string& out)>;

}  // namespace telltale::exporters
