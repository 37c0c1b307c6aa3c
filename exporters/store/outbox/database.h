// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "exporters/store/outbox/outbox_config.h"
#include "sensor/base/result.h"

namespace telltale::exporters::outbox {

// Opens the outbox's file for the sensor that owns it, and makes it if there is no file. A damaged file, or one that is
// no database, is renamed, `set_aside` says to what, and a new one is begun. An error: the file is another sensor's, or
// of a newer version, or cannot be opened.
struct OpenedDatabase {
    std::unique_ptr<SQLite::Database> database;
    std::filesystem::path set_aside;  // empty: the file was sound
};
base::Result<OpenedDatabase> open_database(const std::filesystem::path& file, std::string_view sensor_id,
                                           Durability durability);

// Opens a second connection, to read beside the writer, also from another process. The error says why it cannot.
base::Result<std::unique_ptr<SQLite::Database>> open_for_reading(const std::filesystem::path& file);

// Opens a further connection that writes a few rows beside the sensor's, also from another process.
base::Result<std::unique_ptr<SQLite::Database>> open_for_writing(const std::filesystem::path& file);

// Renames the file and its log to FILE.damaged-N, with the first N that is free. Returns the new name; empty if that
// fails. No connection may be open.
std::filesystem::path set_aside(const std::filesystem::path& file);

}  // namespace telltale::exporters::outbox
