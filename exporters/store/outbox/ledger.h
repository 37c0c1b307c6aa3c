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
};

// The file's content beside the events, when it is opened.
struct Remembered {
    std::uint64_t boot = 0;                  // of the last start; 0: none
    std::optional<LastSequences> last_boot;  // what it stored last
    std::map<std::string, PlacesByTopic> readers;
    std::vector<DropRange> drops;  // of that boot, not reported
    std::vector<DeadRow> dead;     // oldest first
};

// The rows beside the events. Every call may throw SQLite::Exception; the changes belong to the caller's transaction.
Remembered remember(SQLite::Database& database);
// Begins boot `number`. Nobody asks for boots before the last one any more: they are forgotten.
void begin_boot(SQLite::Database& database, std::uint64_t number, std::int64_t now_ns);
void save_last_stored(SQLite::Database& database, std::uint64_t boot, model::Topic topic, std::uint64_t sequence);
void save_place(SQLite::Database& database, const std::string& reader, model::Topic topic, Position acknowledged);
// Replaces all untold ranges.
void save_drops(SQLite::Database& database, std::uint64_t boot, std::span<const DropRange> untold);
// Adds a row, and forgets the oldest beyond EventStore::kMaxDeadEvents.
void save_dead(SQLite::Database& database, const DeadRow& row);

}  // namespace telltale::exporters::outbox
