// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/event_sink.h"
#include "sensor/base/result.h"
#include "sensor/model/event.h"

namespace telltale::exporters {

// A reader of a store, by its place in the order of add_reader().
using ReaderId = std::size_t;

// What became of an appended event. A dropped event has used up its sequence number too, so that its loss can be seen.
struct AppendResult {
    bool stored = false;
    std::uint64_t sequence = 0;  // of its kind, from 1
};

// Sequence numbers of a kind that no stored event carries, both ends included.
struct DropRange {
    model::Topic topic = model::Topic::health;
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    bool operator==(const DropRange&) const = default;
};

// An event that one reader's destination refused for good.
struct DeadEvent {
    ReaderId reader = 0;
    StoredEvent stored;
    std::string reason;
};

// Always: created = stored + dropped; stored = acknowledged + waiting + dead. By kind, since the start.
struct LogFigures {
    std::uint64_t created = 0;  // also the last sequence given
    std::uint64_t stored = 0;
    std::uint64_t dropped = 0;
    std::uint64_t acknowledged = 0;  // every reader has acknowledged it
    std::uint64_t waiting = 0;       // at least one reader has not
    std::uint64_t dead = 0;          // every reader is done with it, and at least one could not deliver it
};

struct StoreFigures {
    base::EnumArray<model::Topic, LogFigures> topics;
    std::uint64_t waiting_events = 0;
    std::uint64_t waiting_bytes = 0;
    std::int64_t oldest_created_ns = 0;  // of the oldest waiting event, wall clock; 0: none is waiting
    Position last_position = 0;

    [[nodiscard]] LogFigures total() const;
};

// Events kept until acknowledged: the wall between what makes events and what exports them. One thread appends; each
// reader has its own cursor and may have its own thread. The same contract holds for a store in memory and on disk.
//
// Sequences are given by kind when an event is stored, from 1, without gaps but those that drops() names. Positions
// order the events of all kinds. A reader reads from any position that it has not acknowledged yet, as often as it
// likes: what was read but not acknowledged is delivered again after a failure or a restart.
class EventStore {
  public:
    virtual ~EventStore() = default;

    // Gives the event its sequence and keeps it, or drops it when there is no room and the store's policy says so.
    virtual AppendResult append(model::Event event) = 0;

    // Names a reader. It starts behind what a reader of this name has acknowledged before (a store on disk remembers),
    // else at the oldest event that is kept. Add the readers before the first append.
    virtual ReaderId add_reader(std::string_view name) = 0;
    // Up to `max` events after position `after` (0: from the reader's oldest), in order; `batch` is replaced. Returns
    // how many. An error is the store's own (a disk that fails).
    virtual base::Result<std::size_t> read(ReaderId reader, Position after, std::size_t max,
                                           std::vector<StoredEvent>& batch) = 0;
    // Waits until an event after `after` is there (true), or the time is over or the store closed (false).
    virtual bool wait(ReaderId reader, Position after, std::chrono::milliseconds timeout) = 0;
    // The reader is done with everything up to this position; an older or repeated acknowledgement does nothing.
    virtual base::Status acknowledge(ReaderId reader, Position up_to) = 0;
    // The reader's destination refuses this event for good. It still acknowledges past it, in order.
    virtual base::Status reject(ReaderId reader, Position position, std::string_view reason) = 0;

    // Ranges that were dropped and are not told yet, oldest first. Once an event that names them is stored, call
    // mark_drops_told with the same ranges.
    [[nodiscard]] virtual std::vector<DropRange> drops() const = 0;
    virtual void mark_drops_told(std::span<const DropRange> ranges) = 0;
    // What was refused for good, oldest first; a store keeps a bounded number.
    [[nodiscard]] virtual std::vector<DeadEvent> dead_events() const = 0;

    [[nodiscard]] virtual StoreFigures figures() const = 0;
    // No reader or appender waits any more; what is kept can still be read and acknowledged.
    virtual void close() = 0;
};

inline LogFigures StoreFigures::total() const {
    LogFigures sum;
    for (const LogFigures& kind : topics) {
        sum.created += kind.created;
        sum.stored += kind.stored;
        sum.dropped += kind.dropped;
        sum.acknowledged += kind.acknowledged;
        sum.waiting += kind.waiting;
        sum.dead += kind.dead;
    }
    return sum;
}

}  // namespace telltale::exporters
