// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "exporters/envelope.h"

namespace telltale::exporters::outbox {

// How much a topic has stored, up to and with an event: the difference of two is what lies between them.
struct Sums {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;  // Envelope::bytes
};

// An event's place in a log, without its text.
struct LogPlace {
    Position position = 0;
    std::size_t bytes = 0;  // Envelope::bytes
    std::int64_t created_ns = 0;
    std::uint64_t sequence = 0;
    std::uint64_t boot = 0;
};

// A topic's log: one table, by position. Every call may throw SQLite::Exception. Belongs to the thread of its
// connection.
class EventLog {
  public:
    EventLog(SQLite::Database& database, model::Topic topic);

    // Appends an event; `upto` is the sum with it.
    void insert(const Envelope& envelope, std::uint64_t boot, Sums upto);
    // Appends up to `max` events after `after` to `batch`, in order.
    void read(Position after, std::size_t max, std::vector<StoredEnvelope>& batch);
    // Visits the first `max` events after one position, up to another, in order.
    void each_place(Position after, Position upto, std::size_t max, const std::function<void(const LogPlace&)>& visit);
    // Returns the sums up to and with the last event at or before `position`.
    Sums sums_at(Position position);
    // Return the position of the oldest and of the newest event; 0 if none is kept.
    Position first();
    Position last();
    // Returns the time of creation of the event at `position`; 0 if none is there.
    std::int64_t created_at(Position position);
    // Deletes, of the `max` oldest events at or before `upto`, those that were created before `created_before` or whose
    // sum of bytes is at most `bytes`. Returns how many.
    std::size_t erase_oldest(Position upto, std::int64_t created_before, std::uint64_t bytes, std::size_t max);

  private:
    SQLite::Statement insert_;
    SQLite::Statement read_;
    SQLite::Statement between_;
    SQLite::Statement sums_at_;
    SQLite::Statement oldest_;
    SQLite::Statement last_;
    SQLite::Statement created_at_;
    SQLite::Statement erase_;
};

}  // namespace telltale::exporters::outbox
