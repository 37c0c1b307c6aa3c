// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <vector>

#include "exporters/store/outbox/ledger.h"

namespace telltale::exporters::outbox {

// The sensor's side of `telltale events dead replay`: another process has written into the file which dead events are
// asked for. The writer's thread. Every call may throw SQLite::Exception.
class ReplayRequests {
  public:
    explicit ReplayRequests(SQLite::Database& database);

    // Returns the dead events that are asked for; nothing if no other connection has written since the last call, and
    // that left none behind.
    std::vector<DeadRow> look();
    // Some of the last answer have to wait: look() gives them again.
    void keep_some() { look_again_ = true; }

  private:
    SQLite::Database& database_;
    SQLite::Statement version_;  // changes when another connection commits
    std::int64_t seen_ = 0;
    bool look_again_ = true;
};

}  // namespace telltale::exporters::outbox
