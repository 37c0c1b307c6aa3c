// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/store/store_books.h"

namespace telltale::exporters {

// The contract but for where the bytes are: keeps the books, waits and wakes. A store derives from it and says how to
// keep, load and release events; one that survives restarts also notes the changes of the books and restores them from
// its notes in its constructor. One mutex guards everything, because no worker comes here; events are rendered outside
// of it.
class BookedStore : public EventStore {
  public:
    AppendResult append(Envelope envelope, const Render& render) override;
    void set_pull(std::function<void()> pull) override { pull_ = std::move(pull); }
    ReaderId add_reader(std::string_view name) override;
    base::Result<std::size_t> read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                   std::vector<StoredEnvelope>& batch) override;
    bool wait(Position after, std::chrono::milliseconds timeout) override;
    base::Status acknowledge(ReaderId reader, model::Topic topic, Position up_to) override;
    base::Status reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) override;
    [[nodiscard]] std::uint64_t lag(ReaderId reader, model::Topic topic) const override;
    [[nodiscard]] std::vector<DropRange> drops() const override;
    void mark_drops_told(std::span<const DropRange> ranges) override;
    [[nodiscard]] std::vector<DeadEvent> dead_events() const override;
    [[nodiscard]] std::optional<LastSequences> last_boot() const override;
    [[nodiscard]] StoreLimits limits() const override { return books_.limits(); }
    [[nodiscard]] StoreFigures figures() const override;
    [[nodiscard]] Position last_position() const override;
    void close() override;

  protected:
    BookedStore(StoreLimits limits, Overflow overflow) : overflow_(overflow), books_(limits, overflow) {}

    // The outcome of keep(). `later`: the store calls settle() or give_up() with it, in the order of positions.
    enum class Kept : std::uint8_t { now, later, no };

    // For restoring: in the constructor of a store.
    StoreBooks& books() { return books_; }
    // Any thread: while it is held nothing is appended, and the books do not change.
    [[nodiscard]] std::unique_lock<std::mutex> hold_still() const { return std::unique_lock(mutex_); }
    // Any thread: these events are stored; these never will be.
    void settle(std::span<const StoredEnvelope> events);
    void give_up(std::span<const StoredEnvelope> events);
    // Any thread: puts a dead event back among what waits, for the reader that refused it, as a copy at a new position.
    // Returns that; nullopt: not now (StoreBooks::can_replay), or the store cannot keep it.
    std::optional<Position> replay(std::string_view reader, const Envelope& dead);
    // Any thread: the bytes of all waiting events after `kept` are lost. Readers' places and dead events are noted
    // anew.
    void lose_waiting(Position kept);

    // All of these are called under the lock. Those that note say what changes in the books.
    // `no`: the store cannot keep it (a disk that fails), and the event is dropped.
    virtual Kept keep(const StoredEnvelope& envelope) = 0;
    // Appends up to `max` events of the topic after a position, in order.
    virtual base::Status load(model::Topic topic, Position after, std::size_t max,
                              std::vector<StoredEnvelope>& batch) = 0;
    // No reader waits any more for the topic's events up to this position.
    virtual void release(model::Topic topic, Position up_to) = 0;
    virtual void note_reader(ReaderId /*reader*/) {}
    virtual void note_drop(const DropRange& /*range*/) {}
    virtual void note_evicted(model::Topic /*topic*/) {}  // its oldest event
    virtual void note_told(const DropRange& /*range*/) {}
    virtual void note_place(ReaderId /*reader*/, model::Topic /*topic*/, Position /*up_to*/) {}
    virtual void note_dead(const DeadEvent& /*dead*/) {}

  private:
    bool make_room(std::unique_lock<std::mutex>& lock, const Envelope& envelope);
    void evict_for(const Envelope& envelope);
    void move_behind_replays(model::Topic topic);
    void add(const Envelope& stored);
    AppendResult drop(model::Topic topic, std::uint64_t sequence);

    const Overflow overflow_;
    std::function<void()> pull_;
    mutable std::mutex mutex_;
    std::condition_variable appended_;
    std::condition_variable released_;
    StoreBooks books_;
    Position last_given_ = 0;
    bool closed_ = false;
};

}  // namespace telltale::exporters
