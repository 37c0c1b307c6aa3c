// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/store/waiting_log.h"

namespace telltale::exporters {

// Keeps the books of a store: sequences, room, the places of readers, drops, dead events and figures, by topic. A store
// that uses it keeps nothing but the events' bytes, so that all stores count alike. Takes one WaitingEvent of memory
// per waiting event of this boot; those of earlier boots can be left where they are (WaitingLog). Has no lock: the
// store's own guards it.
//
// A store that survives restarts restores its books by the same calls: either all that were made, in their order, or
// what is left of them (the last position, readers, waiting events, acknowledgements, untold drops, dead events, in
// this order). Then it begins a boot.
class StoreBooks {
  public:
    StoreBooks(StoreLimits limits, Overflow overflow) : limits_(limits), overflow_(overflow) {}

    // Positions go on after this one.
    void go_on_after(Position last) { last_position_ = std::max(last_position_, last); }
    // Restores the store's end: positions go on behind it.
    void restore_end(Position last) { last_position_ = last; }
    // Restores a reader of an earlier boot, which has to be added again, and its places.
    void restore_reader(std::string_view name, const base::EnumArray<model::Topic, Position>& places);
    // Where restored events can be read, `page` at a time, so that not all are in memory.
    void set_source(WaitingSource* source, std::size_t page);
    // Restores events that wait for a reader that was just added, older than all that wait in the topic: the first
    // ones, and how many follow.
    void add_older(model::Topic topic, const std::vector<WaitingEvent>& page, const WaitingSpan& rest);
    // Restores an event that waits for a reader that was just added: older than all that wait in its topic.
    void add_older(model::Topic topic, const WaitingEvent& event);
    // Returns the position of the topic's oldest waiting event; where none waits, the one behind the store's end.
    [[nodiscard]] Position oldest_waiting(model::Topic topic) const;
    // Ends the restored boot: sequences begin again at 1, readers have to be added again, untold drops are those of the
    // last boot, and figures count what waits as stored, and nothing else.
    void begin_boot(const LastSequences& last_stored);

    [[nodiscard]] std::uint64_t next_sequence(model::Topic topic) const { return logs_[topic].last_sequence + 1; }
    [[nodiscard]] Position last_position() const { return last_position_; }
    // Returns whether an event has to be dropped, whoever waits: its topic has too many untold ranges, or, with
    // Overflow::drop, its dataset's share is full.
    [[nodiscard]] bool refuses(model::Dataset dataset, std::size_t bytes) const;
    // Returns whether the whole of the limits has room.
    [[nodiscard]] bool has_room(std::size_t bytes) const { return has_room(bytes, limits_); }
    // Takes an event in that is stored later: it has its sequence and takes room, but is in no figure until add() or
    // drop() ends its wait, after settle().
    void accept(model::Topic topic, std::uint64_t sequence, std::size_t bytes);
    void settle(std::size_t bytes);
    // Counts an event as stored; positions ascend. Returns whether it waits: without readers it is acknowledged.
    bool add(model::Topic topic, std::uint64_t sequence, const WaitingEvent& event);
    // Counts sequences that no event gets.
    void drop(const DropRange& range);

    // A name that is known gets the same id and its place again.
    ReaderId add_reader(std::string_view name);
    [[nodiscard]] bool has_readers() const;
    // A name that is not known gets a reader that has to be added.
    ReaderId id_of(std::string_view name);
    [[nodiscard]] const std::string& name(ReaderId reader) const { return readers_[reader].name; }
    [[nodiscard]] Position place(ReaderId reader, model::Topic topic) const { return readers_[reader].places[topic]; }
    // Calls `visit` with every reader of this boot, topic and place.
    template <typename Visit>
    void each_place(Visit&& visit) const {
        for (ReaderId reader = 0; reader < readers_.size(); ++reader) {
            for (const auto topic : base::enumerators<model::Topic>()) visit(reader, topic, place(reader, topic));
        }
    }
    // Returns whether the reader's place moved; an error if the store ends before it.
    base::Result<bool> acknowledge(ReaderId reader, model::Topic topic, Position up_to);
    // Returns up to which position no reader waits for the topic.
    [[nodiscard]] Position released(model::Topic topic) const;
    // Takes every waiting event after `kept` out of the books, because its bytes are lost: evicted, and, as far as they
    // are of this boot or the last one, reported as ranges. With `kept` 0 all readers are then at the store's end.
    void evict_after(Position kept);
    // With Overflow::evict: returns the topic whose oldest event has to make room for a new event; nullopt: there is
    // room, or nothing that waits is less worthy.
    [[nodiscard]] std::optional<model::Topic> victim_for(model::Dataset dataset, std::size_t bytes) const;
    // Takes the topic's oldest waiting event out of the books: evicted, and reported. Readers' places are behind it.
    void evict_oldest(model::Topic topic);
    [[nodiscard]] std::uint64_t lag(ReaderId reader, model::Topic topic) const;

    // Returns an error if the reader is not to reject the event: it does not wait for it.
    [[nodiscard]] base::Status check_reject(ReaderId reader, model::Topic topic, Position position) const;
    // Lists the event as dead, and counts it when nobody waits for it any more.
    void bury(DeadEvent dead);
    [[nodiscard]] const std::deque<DeadEvent>& dead() const { return dead_; }

    // A dead event is stored once more, at a new position, for the reader that has refused it and for no other. Returns
    // whether it can now: that reader is there, and there is room.
    [[nodiscard]] bool can_replay(ReaderId reader, std::size_t bytes) const {
        return readers_[reader].added && has_room(bytes);
    }
    // Like accept(): the copy at this position is no dead event any more once add() has it. give_up_replay(): it never
    // will be there.
    void accept_replay(ReaderId reader, Position original, Position copy, std::size_t bytes);
    void give_up_replay(Position copy) { replays_.erase(copy); }
    [[nodiscard]] bool is_replay(Position position) const { return replays_.contains(position); }
    // A replay of an earlier boot.
    void restore_replay(ReaderId reader, Position copy) { replays_[copy] = {reader, 0}; }
    [[nodiscard]] bool is_for(ReaderId reader, Position position) const;
    // Moves the reader behind the replays for others that are next in the topic. Returns whether there were any.
    bool skip_replays(ReaderId reader, model::Topic topic);
    [[nodiscard]] std::size_t readers() const { return readers_.size(); }

    [[nodiscard]] std::vector<DropRange> drops() const;
    // A range may have grown since it was reported. Ranges that are not there change nothing.
    void mark_told(const DropRange& told);

    [[nodiscard]] const std::optional<LastSequences>& last_boot() const { return last_boot_; }
    // Returns the last sequence that each topic has stored in this boot.
    [[nodiscard]] LastSequences last_stored() const;
    [[nodiscard]] StoreLimits limits() const { return limits_; }
    [[nodiscard]] StoreFigures figures() const;

  private:
    struct Log {
        WaitingLog waiting;
        LogFigures figures;            // without oldest_created_ns
        std::deque<DropRange> untold;  // of the last boot first
        std::size_t ranges = 0;        // of them, of this boot
        std::uint64_t last_sequence = 0;
        std::uint64_t last_stored = 0;
        bool dropping = false;
    };
    struct Reader {
        std::string name;
        base::EnumArray<model::Topic, Position> places;
        bool added = true;  // in this boot
    };
    struct Replay {
        ReaderId reader = 0;
        Position original = 0;  // 0: replayed in an earlier boot
    };

    [[nodiscard]] bool has_room(std::size_t bytes, const StoreLimits& limits) const;
    void count_stored(Log& log, std::size_t bytes);
    void release(Log& log, Position up_to);
    void take_out(Log& log);
    void uncount(Log& log, std::uint64_t events, std::uint64_t bytes);
    void add_replay(Log& log, const WaitingEvent& event, const Replay& replay);
    static void add_range(Log& log, const DropRange& range);

    StoreLimits limits_;
    Overflow overflow_;
    base::EnumArray<model::Topic, Log> logs_;
    std::size_t waiting_events_ = 0;  // of all logs
    std::size_t waiting_bytes_ = 0;
    std::size_t accepted_events_ = 0;  // that are stored later
    std::size_t accepted_bytes_ = 0;
    Position last_position_ = 0;
    std::vector<Reader> readers_;
    std::deque<DeadEvent> dead_;
    std::map<Position, Replay> replays_;
    std::uint64_t dead_forgotten_ = 0;
    std::optional<LastSequences> last_boot_;
};

}  // namespace telltale::exporters
