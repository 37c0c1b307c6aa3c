// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "exporters/event_store.h"

namespace telltale::exporters {

// What append does when the store is full.
enum class Overflow : std::uint8_t {
    drop,  // live: the newest event is dropped, by class, and its sequence stands in drops()
    wait,  // files: append pulls (MemoryStore::set_pull) or waits for a reader
};

struct MemoryStoreLimits {
    std::size_t max_events = 100'000;
    std::size_t max_bytes = 256U << 20;  // approximate, see event_size.h
    Overflow overflow = Overflow::drop;
    // Up to which share of both limits, in percent, an event of a kind is taken in (by topic): with a full store
    // first contacts go before devices, transfers, health, alerts. Only for Overflow::drop.
    base::EnumArray<model::Topic, unsigned> share_percent{{85, 75, 95, 100, 97}};
};

// The store in memory: bounded, lost with the process. Thread-safe: any number of readers, one appender; a mutex guards
// everything, since no worker comes here. A kind that was dropped is taken in again only when the store has emptied to
// 7/8 of the kind's share, so that drops come in few ranges; at kMaxDropRanges untold ranges of a kind it is dropped on
// until they are told, so that the ranges stay exact.
class MemoryStore final : public EventStore {
  public:
    static constexpr std::size_t kMaxDropRanges = 64;    // a kind
    static constexpr std::size_t kMaxDeadEvents = 1000;  // the oldest go first

    explicit MemoryStore(MemoryStoreLimits limits = {});

    // For Overflow::wait with readers on the appender's own thread: append calls it without the lock when the store is
    // full, and it should read and acknowledge. When that makes no room the event is dropped. Set before the first
    // append.
    void set_pull(std::function<void()> pull) { pull_ = std::move(pull); }

    AppendResult append(model::Event event) override;
    ReaderId add_reader(std::string_view name) override;
    base::Result<std::size_t> read(ReaderId reader, Position after, std::size_t max,
                                   std::vector<StoredEvent>& batch) override;
    bool wait(ReaderId reader, Position after, std::chrono::milliseconds timeout) override;
    base::Status acknowledge(ReaderId reader, Position up_to) override;
    base::Status reject(ReaderId reader, Position position, std::string_view reason) override;
    [[nodiscard]] std::vector<DropRange> drops() const override;
    void mark_drops_told(std::span<const DropRange> ranges) override;
    [[nodiscard]] std::vector<DeadEvent> dead_events() const override;
    [[nodiscard]] StoreFigures figures() const override;
    void close() override;

  private:
    struct Entry {
        std::shared_ptr<const model::Event> event;
        std::size_t bytes = 0;
        bool dead = false;
    };
    struct Reader {
        std::string name;
        Position acknowledged = 0;
    };
    struct Kind {
        std::deque<DropRange> untold;
        bool dropping = false;
    };

    [[nodiscard]] bool has_room(std::size_t bytes, unsigned share_percent, unsigned eighths) const;
    bool make_room(std::unique_lock<std::mutex>& lock, model::Topic topic, std::size_t bytes);
    void count_drop(model::Topic topic, std::uint64_t sequence);
    void release();
    [[nodiscard]] Position last_position() const { return first_position_ + entries_.size() - 1; }

    MemoryStoreLimits limits_;
    std::function<void()> pull_;
    mutable std::mutex mutex_;
    std::condition_variable appended_;
    std::condition_variable released_;
    std::deque<Entry> entries_;    // what at least one reader has not acknowledged
    Position first_position_ = 1;  // of entries_.front()
    std::size_t bytes_ = 0;
    std::vector<Reader> readers_;
    base::EnumArray<model::Topic, Kind> kinds_;
    base::EnumArray<model::Topic, LogFigures> figures_;
    std::deque<DeadEvent> dead_;
    bool closed_ = false;
};

}  // namespace telltale::exporters
