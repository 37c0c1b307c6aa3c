// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporters/envelope.h"
#include "sensor/base/enumeration.h"
#include "sensor/base/result.h"
#include "sensor/model/dataset.h"
#include "sensor/model/state_row.h"

namespace telltale::exporters {

// How much a store keeps.
struct StoreLimits {
    std::size_t max_events = 100'000;
    std::size_t max_bytes = 256U << 20;  // of keys and rendered events (Envelope::bytes)

    // Returns `count`/`of` of both limits, rounded down.
    [[nodiscard]] StoreLimits part(std::size_t count, std::size_t of) const {
        const auto part_of = [=](std::size_t limit) { return limit / of * count + limit % of * count / of; };
        return {part_of(max_events), part_of(max_bytes)};
    }
    // Returns up to where a store that drops takes events of the dataset.
    [[nodiscard]] StoreLimits share_of(model::Dataset dataset) const { return part(model::kStoreShare[dataset], 100); }
};

// Decides what append() does when the store is full.
enum class Overflow : std::uint8_t {
    drop,   // live: the newest event is dropped; a dataset is refused from its share of the limits on
            // (StoreLimits::share_of)
    evict,  // live: the oldest waiting events of the least worthy topic make room, if it is no worthier than the new
            // event's; else that is dropped
    wait,   // files: append() pulls, or waits for a reader
};

// A reader of a store, as add_reader() returned it: the same for a name as long as the store remembers it.
using ReaderId = std::size_t;

// Renders the event as the one with this sequence number; appends to `json`.
using Render = std::function<void(std::uint64_t sequence, std::string& json)>;

// The outcome of an append. A dropped event has used up its sequence number too, so that its loss can be seen.
struct AppendResult {
    bool stored = false;
    std::uint64_t sequence = 0;  // in its topic, from 1
};

// Sequence numbers of a topic, both ends included, whose events no reader is promised: dropped, or stored and evicted
// before every reader had them.
struct DropRange {
    model::Topic topic = model::Topic::health;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool of_last_boot = false;  // numbers of the boot before this one
    bool evicted = false;       // else: dropped

    bool operator==(const DropRange&) const = default;
};

// An event that one reader's destination refused for good.
struct DeadEvent {
    ReaderId reader = 0;
    StoredEnvelope envelope;
    std::string reason;
};

// A topic's log, counted since the start. Always: created = stored + dropped; stored = acknowledged + waiting + dead +
// evicted, where a store that has kept events from before the start counts them as stored, and a dead event that is
// replayed is stored once more.
struct LogFigures {
    std::uint64_t created = 0;
    std::uint64_t stored = 0;
    std::uint64_t dropped = 0;
    std::uint64_t acknowledged = 0;  // by every reader
    std::uint64_t waiting = 0;       // not yet acknowledged by every reader
    std::uint64_t dead = 0;          // done with by every reader, but refused for good by at least one
    std::uint64_t evicted = 0;       // thrown away before every reader had them
    std::uint64_t replayed = 0;      // of `stored`: dead events that were put back, for the reader that refused them
    std::uint64_t waiting_bytes = 0;
    std::int64_t oldest_created_ns = 0;  // of the oldest waiting event, wall clock; 0: none is waiting
};

struct StoreFigures {
    base::EnumArray<model::Topic, LogFigures> topics;
    std::uint64_t dead_forgotten = 0;  // dead events that left dead_events() because it was full

    [[nodiscard]] LogFigures total() const;
};

using LastSequences = base::EnumArray<model::Topic, std::uint64_t>;

// Events kept until acknowledged: the wall between what makes events and what exports them. A log per topic; one thread
// appends; each reader has a cursor per topic and may have its own thread, so that no topic waits for another. Any
// other call may come from any thread. The contract holds for every store: tests/unit/exporters/store_contract.h.
//
// Sequences are given by topic, from 1 at every boot, without gaps but those that drops() names. Positions order the
// events of all topics. A reader reads from any position that it has not acknowledged yet, as often as it likes: what
// was read but not acknowledged is delivered again after a failure or, by a store that survives it, a restart.
class EventStore {
  public:
    static constexpr std::size_t kMaxDropRanges = 64;    // per topic
    static constexpr std::size_t kMaxDeadEvents = 1000;  // the oldest go first

    virtual ~EventStore() = default;

    // Stores the event: `envelope` has all but sequence, position and text, which `render` writes. If there is no room,
    // drops it or waits, as Overflow says; an empty store takes an event of any size. A dropped event need not be
    // rendered. A topic that has dropped takes events again once the store has emptied to 7/8 of the dataset's share,
    // so that drops come in few ranges; with kMaxDropRanges untold ranges it goes on dropping, so that they stay exact.
    virtual AppendResult append(Envelope envelope, const Render& render) = 0;
    // As append(), with rows of what the sensor knows once the event is stored: a store that survives a restart keeps
    // them in the transaction of the event. Without the event it leaves out those that report something, then and until
    // an event brings them again.
    virtual AppendResult append_with(model::StateRows /*rows*/, Envelope envelope, const Render& render) {
        return append(std::move(envelope), render);
    }
    // Keeps rows with no event of their own, after everything that was appended before. The appender's thread.
    virtual void keep_rows(model::StateRows /*rows*/) {}
    // Waits until everything that was appended before is stored: a store on disk commits events in groups. Returns
    // whether it is; false if the store cannot, or not in time.
    virtual bool sync(std::chrono::milliseconds /*timeout*/) { return true; }
    // With Overflow::wait and readers on the appender's own thread: append() calls it when the store is full, and it
    // should read and acknowledge. If that makes no room the event is dropped. Set it before the first append.
    virtual void set_pull(std::function<void()> pull) = 0;

    // Names a reader. It starts behind what a reader of this name has acknowledged before (a store that survives a
    // restart remembers), else at the oldest event that is kept. Add the readers before the first append: without one,
    // an event counts as acknowledged once it is stored.
    virtual ReaderId add_reader(std::string_view name) = 0;
    // Replaces `batch` with up to `max` events of the topic after position `after` (0: the reader's oldest), in order.
    // Returns how many. An error is the store's own (a disk that fails).
    virtual base::Result<std::size_t> read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                           std::vector<StoredEnvelope>& batch) = 0;
    // Waits until an event of any topic is stored after `after` (true), or the time is over or the store closed
    // (false).
    virtual bool wait(Position after, std::chrono::milliseconds timeout) = 0;
    // The reader is done with the topic's events up to this position; an older or repeated one does nothing. An error
    // if the store ends before it.
    virtual base::Status acknowledge(ReaderId reader, model::Topic topic, Position up_to) = 0;
    // The reader's destination refuses this event for good. The reader still acknowledges past it, in order.
    virtual base::Status reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) = 0;
    // Returns how many events of the topic the reader has not acknowledged.
    [[nodiscard]] virtual std::uint64_t lag(ReaderId reader, model::Topic topic) const = 0;

    // Returns the ranges that were dropped or evicted and not reported yet, by topic, oldest first; a store that
    // survives a restart remembers those of the boot before. Once an event that names them is stored, call
    // mark_drops_told() with them: until then they are returned again. A range that has grown since stays with what is
    // new of it.
    [[nodiscard]] virtual std::vector<DropRange> drops() const = 0;
    virtual void mark_drops_told(std::span<const DropRange> ranges) = 0;
    // Returns what was refused for good, oldest first: the last kMaxDeadEvents (StoreFigures::dead_forgotten).
    [[nodiscard]] virtual std::vector<DeadEvent> dead_events() const = 0;
    // Returns the last sequence that each topic stored in the boot before this one (0: none); nullopt if there is no
    // such boot or the store does not survive it.
    [[nodiscard]] virtual std::optional<LastSequences> last_boot() const = 0;

    [[nodiscard]] virtual StoreLimits limits() const = 0;
    [[nodiscard]] virtual StoreFigures figures() const = 0;
    [[nodiscard]] virtual Position last_position() const = 0;
    // No reader or appender waits any more; what is kept can still be read and acknowledged.
    virtual void close() = 0;
};

inline LogFigures StoreFigures::total() const {
    LogFigures sum;
    for (const LogFigures& log : topics) {
        sum.created += log.created;
        sum.stored += log.stored;
        sum.dropped += log.dropped;
        sum.acknowledged += log.acknowledged;
        sum.waiting += log.waiting;
        sum.dead += log.dead;
        sum.evicted += log.evicted;
        sum.replayed += log.replayed;
        sum.waiting_bytes += log.waiting_bytes;
        const bool older = sum.oldest_created_ns == 0 || log.oldest_created_ns < sum.oldest_created_ns;
        if (log.waiting != 0 && older) sum.oldest_created_ns = log.oldest_created_ns;
    }
    return sum;
}

}  // namespace telltale::exporters
