// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "exporters/store/outbox/changes.h"
#include "exporters/store/outbox/event_log.h"
#include "exporters/store/outbox/outbox_config.h"
#include "exporters/store/outbox/segment_index.h"
#include "exporters/store/outbox/state_table.h"

namespace telltale::exporters::outbox {

// Writes changes, a transaction each, and forgets what has been kept long enough. One thread. Every call may throw
// SQLite::Exception: then nothing of the changes is written, and the same call can be repeated.
class ChangeWriter {
  public:
    // The boot begins with the first event that it writes: one that stored nothing leaves no trace, and the next one
    // still knows how the last that did has ended.
    ChangeWriter(SQLite::Database& database, std::uint64_t boot, const KeepByTopic& keep);

    // `now_ns` is the wall clock, as in Envelope::created_ns.
    void write(const Changes& changes, std::int64_t now_ns);

  private:
    static constexpr std::size_t kErasedAtMost = 512;

    struct Log {
        std::unique_ptr<EventLog> log;
        Sums sums;  // of all events that are written
    };

    void begin();
    void write_events(const Changes& changes);
    void write_ledger(const Changes& changes);
    void forget(const Changes& changes, std::int64_t now_ns);

    SQLite::Database& database_;
    const std::uint64_t boot_;
    const KeepByTopic keep_;
    base::EnumArray<model::Topic, Log> logs_;
    SegmentIndex index_;
    StateTable state_;
    Position last_ = 0;
    bool begun_ = false;  // the file has the boot
    bool fresh_ = false;  // sums and index are those of the file
};

}  // namespace telltale::exporters::outbox
