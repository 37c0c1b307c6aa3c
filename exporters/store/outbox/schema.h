// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

#include "sensor/model/dataset.h"

namespace telltale::exporters::outbox {

// The header of an outbox's file (PRAGMA application_id and user_version).
inline constexpr int kApplicationId = 0x54454C54;  // "TELT"
inline constexpr int kSchemaVersion = 2;
inline constexpr int kOldestSchemaVersion = 1;  // that add_tables() knows

// Returns the name of the table that is a topic's log.
std::string log_table(model::Topic topic);

// Makes the tables of an empty database. Throws SQLite::Exception.
void create_schema(SQLite::Database& database);
// Makes the tables that this version adds to those before. Throws SQLite::Exception.
void add_tables(SQLite::Database& database);
// An older sensor's file that no newer one has opened lacks them.
bool has_added_tables(SQLite::Database& database);

}  // namespace telltale::exporters::outbox
