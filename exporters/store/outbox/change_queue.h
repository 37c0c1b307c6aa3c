// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "exporters/store/outbox/changes.h"

namespace telltale::exporters::outbox {

// Changes that wait for the next transaction: many threads put in, one writer takes out. Events wait for company, so
// that one commit serves many; everything else waits for events, or a second.
class ChangeQueue {
  public:
    // More than this waits only in a file system that does not take it.
    static constexpr std::size_t kMostEvents = 65'536;
    static constexpr std::size_t kMostBytes = 64U << 20;
    static constexpr std::chrono::seconds kMostRest{1};
    static constexpr std::size_t kMostRows = 262'144;

    explicit ChangeQueue(std::chrono::milliseconds delay) : delay_(delay) {}

    // Adds an event and what the sensor knows once it is stored. Returns false if too much waits already.
    bool add(const StoredEnvelope& event, model::StateRows&& rows);
    // Adds rows behind all events. Those that find no room are counted as lost.
    void add(model::StateRows&& rows);
    // Returns whether few enough rows wait for more to be made.
    [[nodiscard]] bool wants_rows() const;
    [[nodiscard]] std::uint64_t rows_lost() const;
    void add(const DeadRow& dead);
    void set_place(const std::string& reader, model::Topic topic, Position acknowledged);
    void set_released(model::Topic topic, Position up_to);
    void set_drops_changed();
    // The event at this position, which add() has got, is a copy of a dead one.
    void note_replay(Position copy, const DeadKey& dead);

    // Writer: waits until there is something to write, or for kMostRest. Returns false when the queue is closed and
    // empty.
    bool wait();
    // Writer: takes what waits.
    void take(Changes& changes, bool& drops_changed);
    // Writer: these changes could not be written; they are taken again, with what came since, in a second, or at once
    // when the queue is closed.
    void put_back(Changes&& changes, bool drops_changed);

    // Waits until what was put in before is settled. Returns whether it is written; false if the writer failed, or was
    // not in time.
    bool flush(std::chrono::milliseconds timeout);
    // Writer: what was taken is written, or never will be.
    void settled(bool written);
    // wait() no longer waits.
    void close();
    [[nodiscard]] bool closed() const;
    // Returns how many events wait for their transaction.
    [[nodiscard]] std::size_t events() const;

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] Clock::time_point due() const;
    void note_change();
    void take_rows(model::StateRows&& rows);

    const std::chrono::milliseconds delay_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable settled_;
    Changes waiting_;
    bool drops_changed_ = false;
    std::size_t bytes_ = 0;  // of waiting events
    std::uint64_t rows_lost_ = 0;
    Clock::time_point first_event_;
    Clock::time_point first_change_;
    bool changed_since_ = false;  // first_change_ holds
    Clock::time_point not_before_{};
    bool hurry_ = false;
    std::size_t taken_events_ = 0;
    // Everything that is put in has a number; the numbers up to which things were taken, and are settled.
    std::uint64_t put_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t done_ = 0;
    std::uint64_t failures_ = 0;
    bool closed_ = false;
};

}  // namespace telltale::exporters::outbox
