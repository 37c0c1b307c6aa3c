// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "exporters/store/outbox/database.h"
#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// `telltale events dead`: what an outbox's readers were refused for good. All return the exit status and may throw
// SQLite::Exception.
int list_dead(SQLite::Database& database, const EventsOptions& options);
int show_dead(SQLite::Database& database, const EventsOptions& options);
int replay_dead_events(const std::filesystem::path& file, SQLite::Database& database, const EventsOptions& options);

}  // namespace telltale::app
