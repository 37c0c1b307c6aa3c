// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters::outbox {

using PlacesByTopic = base::EnumArray<model::Topic, Position>;

// An event that was refused for good, as it is kept: its reader by name, because numbers are of a boot.
struct DeadRow {
    std::string reader;
    StoredEnvelope envelope;
    std::string reason;
    std::int64_t number = 0;      // in the file, rising
    bool to_be_replayed = false;  // somebody has asked for it
};

// A dead event among all.
struct DeadKey {
    std::string reader;
    model::Topic topic = model::Topic::health;
    Position position = 0;
};

// The file's content beside the events, when it is opened.
struct Remembered {
    std::uint64_t boot = 0;                  // of the last start; 0: none
    std::optional<LastSequences> last_boot;  // what it stored last
    std::map<std::string, PlacesByTopic> readers;
    std::vector<DropRange> drops;             // of that boot, not reported
    std::vector<DeadRow> dead;                // oldest first
    std::map<Position, std::string> replays;  // copies of dead events in the logs, and their reader
};

// Which dead events are asked for.
enum class Dead : std::uint8_t { all, asked_for };

// The rows beside the events. Every call may throw SQLite::Exception; the changes belong to the caller's transaction.
Remembered remember(SQLite::Database& database);
// Returns dead events, oldest first.
std::vector<DeadRow> dead_rows(SQLite::Database& database, Dead which);
// Begins boot `number`. Nobody asks for boots before the last one any more: they are forgotten.
void begin_boot(SQLite::Database& database, std::uint64_t number, std::int64_t now_ns);
void save_last_stored(SQLite::Database& database, std::uint64_t boot, model::Topic topic, std::uint64_t sequence);
void save_place(SQLite::Database& database, const std::string& reader, model::Topic topic, Position acknowledged);
// Replaces all untold ranges.
void save_drops(SQLite::Database& database, std::uint64_t boot, std::span<const DropRange> untold);
// Adds a row, and forgets the oldest beyond EventStore::kMaxDeadEvents.
void save_dead(SQLite::Database& database, const DeadRow& row);
// The event at this position is a copy of a dead event, which leaves the list.
void save_replay(SQLite::Database& database, Position copy, const DeadKey& dead);
// Forgets copies before the oldest event that is kept.
void forget_replays(SQLite::Database& database, Position oldest);

}  // namespace telltale::exporters::outbox
