// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "sensor/model/state_row.h"

namespace telltale::exporters::outbox {

// The rows of what the sensor knows, by kind and key. What they mean is the sensor's business. Every call may throw
// SQLite::Exception. One thread.
class StateTable {
  public:
    explicit StateTable(SQLite::Database& database);

    // Within the caller's transaction.
    void write(const model::StateRow& row);
    void read(std::string_view kind, const std::function<void(std::string_view line)>& visit);
    // Puts all rows aside, in the table state_unusable, and begins with none. Returns how many there were.
    static std::size_t put_aside(SQLite::Database& database);

  private:
    SQLite::Statement save_;
    SQLite::Statement erase_;
    SQLite::Statement read_;
};

}  // namespace telltale::exporters::outbox
