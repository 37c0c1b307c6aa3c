// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "exporters/envelope.h"

namespace telltale::exporters {

// An event that at least one reader has not acknowledged, without its text.
struct WaitingEvent {
    Position position = 0;
    std::size_t bytes = 0;  // Envelope::bytes()
    std::int64_t created_ns = 0;
    bool dead = false;           // a reader has rejected it
    bool of_last_boot = false;   // its sequence is of the boot before this one
    std::uint64_t sequence = 0;  // 0: of an even earlier boot, or a replay: nobody asks for it
};

// Waiting events of which only the number is known: those after one position, up to another.
struct WaitingSpan {
    Position after = 0;
    Position upto = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
};

// Knows a store's waiting events of earlier boots. Called under the lock of the books.
class WaitingSource {
  public:
    virtual ~WaitingSource() = default;
    // Returns the first `max` events of a span, in order; nullopt: they cannot be read now.
    virtual std::optional<std::vector<WaitingEvent>> page(model::Topic topic, const WaitingSpan& span,
                                                          std::size_t max) = 0;
    // Returns how many events lie after one position, up to another; nullopt: it cannot be said now.
    virtual std::optional<std::uint64_t> count(model::Topic topic, Position after, Position upto) = 0;
};

// A topic's waiting events, oldest first. Those of earlier boots may be millions: they are read a page at a time, as
// the readers come to them; what lies between the page and the events of this boot is a span.
class WaitingLog {
  public:
    static constexpr std::size_t kPage = 16'384;

    // Until then, and for stores without one, every event is kept here.
    void set_source(model::Topic topic, WaitingSource* source, std::size_t page) {
        topic_ = topic;
        source_ = source;
        page_ = page;
    }

    // Empty although events wait: only while the source cannot read.
    [[nodiscard]] bool empty() const { return page_events_.empty(); }
    [[nodiscard]] const WaitingEvent& front() const { return page_events_.front(); }
    // Returns how many events the source has lost of those that were to come.
    WaitingSpan pop_front();
    void push_back(const WaitingEvent& event) { (span_.events == 0 ? page_events_ : newer_).push_back(event); }
    void push_front(const WaitingEvent& event) { page_events_.push_front(event); }
    // Older events than all: a page of them, and the span up to those that are there.
    void put_before(const std::vector<WaitingEvent>& page, const WaitingSpan& rest);

    // Returns null if no event that is known one by one is at this position.
    [[nodiscard]] WaitingEvent* find(Position position);
    [[nodiscard]] bool may_have(Position position) const;
    // Notes that the event at this position is dead; one in the span has its mark when it is read.
    void mark_dead(Position position);
    [[nodiscard]] std::uint64_t count_after(Position position) const;
    // Returns the event that follows a position; null if that is not known, or no event does.
    [[nodiscard]] const WaitingEvent* next_after(Position position) const;
    // Takes the events after a position out; returns those that are known one by one, and counts the others.
    std::vector<WaitingEvent> take_after(Position kept, WaitingSpan& others);
    // The last boot's events become those of the boot before, and this one's those of the last.
    void age();

  private:
    WaitingSpan refill();

    model::Topic topic_ = model::Topic::health;
    WaitingSource* source_ = nullptr;
    std::size_t page_ = kPage;
    std::deque<WaitingEvent> page_events_;
    WaitingSpan span_;                // behind them
    std::deque<WaitingEvent> newer_;  // behind it
    std::set<Position> dead_in_span_;
};

}  // namespace telltale::exporters
