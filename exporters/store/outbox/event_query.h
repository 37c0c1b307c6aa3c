// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "exporters/envelope.h"

namespace telltale::exporters::outbox {

// Which kept events are asked for: those that meet every condition.
struct EventFilter {
    std::vector<std::string> terms;                                    // of event_terms.h
    std::int64_t since_ns = std::numeric_limits<std::int64_t>::min();  // event.created: from here on,
    std::int64_t until_ns = std::numeric_limits<std::int64_t>::max();  // and before this
};

// Answers questions about an outbox beside its writer, also from another process: over a connection of its own, in
// short transactions, so that the writer can empty its log. One thread. Every call may throw SQLite::Exception.
class EventQuery {
  public:
    // Hears how far a long answer is, in positions; returns false to end it.
    using Progress = std::function<bool(Position looked_at, Position end)>;
    using Take = std::function<void(const Envelope&)>;

    explicit EventQuery(SQLite::Database& database);

    // Returns up to `max` of the newest events that match, oldest first. Reads segments from the newest back.
    std::vector<Envelope> newest(const EventFilter& filter, std::size_t max);
    // Gives `take` every event after `after` that matches, oldest first. Returns up to where it has looked.
    Position each(const EventFilter& filter, Position after, const Take& take, const Progress& progress);
    // Return the positions of the oldest and of the newest event; 0: there is no event.
    Position first();
    Position last();

  private:
    using Offsets = std::vector<std::uint32_t>;

    std::vector<Envelope> matches_in(std::uint64_t segment, const EventFilter& filter, std::size_t newest);
    std::optional<bool> in_time(std::uint64_t segment, const EventFilter& filter);
    std::optional<Offsets> places_of(std::uint64_t segment, const std::vector<std::string>& terms);
    std::vector<Envelope> at(std::uint64_t segment, const Offsets& places, const EventFilter& filter,
                             std::size_t newest);
    std::vector<Envelope> scan(std::uint64_t segment, const EventFilter& filter, std::size_t newest);

    SQLite::Statement segment_;
    SQLite::Statement bucket_;
    SQLite::Statement one_;
    SQLite::Statement range_;
    SQLite::Statement ends_;
};

}  // namespace telltale::exporters::outbox
