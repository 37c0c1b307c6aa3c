// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/replay_requests.h"

#include <utility>

#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

ReplayRequests::ReplayRequests(SQLite::Database& database)
    : database_(database), version_(database, "PRAGMA data_version") {}

std::vector<DeadRow> ReplayRequests::look() {
    std::int64_t version = 0;
    {
        const Use use(version_);
        if (version_.executeStep()) version = version_.getColumn(0).getInt64();
    }
    if (std::exchange(seen_, version) == version && !look_again_) return {};
    look_again_ = false;
    return dead_rows(database_, Dead::asked_for);
}

}  // namespace telltale::exporters::outbox
