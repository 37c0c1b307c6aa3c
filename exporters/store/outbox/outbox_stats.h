// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/store/outbox/ledger.h"

namespace telltale::exporters::outbox {

// A topic's log, as the file has it.
struct LogStats {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::int64_t oldest_ns = 0;  // event.created; 0: it is empty
    std::int64_t newest_ns = 0;
};

// How many events a reader has not acknowledged.
struct ReaderStats {
    std::string name;
    base::EnumArray<model::Topic, std::uint64_t> lag;
};

// An outbox's content in figures. A value.
struct OutboxStats {
    std::string sensor_id;
    std::uint64_t boots = 0;
    base::EnumArray<model::Topic, LogStats> logs;
    std::vector<ReaderStats> readers;
    std::vector<DeadRow> dead;  // oldest first
};

// Reads them, over a connection of open_for_reading(). May throw SQLite::Exception.
OutboxStats read_stats(SQLite::Database& database);

}  // namespace telltale::exporters::outbox
