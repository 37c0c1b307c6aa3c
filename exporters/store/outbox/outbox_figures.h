// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"

namespace telltale::exporters::outbox {

// Why the outbox's file refuses to work.
//   X(cause, its word, what to do)
#define TELLTALE_OUTBOX_FAILURES(X)                                                                                   \
    X(full, "disk_full", "free space on its file system; events wait in memory until then, and new ones are dropped") \
    X(read_only, "read_only", "make the file and its folder writable for the sensor")                                 \
    X(io, "io_error", "check the disk")                                                                               \
    X(damaged, "damaged", "nothing: it is set aside and a new one is begun")                                          \
    X(busy, "busy", "end the other program that writes to it")                                                        \
    X(other, "other", "see the message")

TELLTALE_ENUMERATION(FailureCause, std::uint8_t, TELLTALE_OUTBOX_FAILURES)

// Figures of the outbox beside StoreFigures, counted since the start.
struct OutboxFigures {
    bool works = true;  // the last transaction was written
    std::uint64_t commits = 0;
    std::uint64_t uncommitted = 0;  // events that wait for their transaction
    std::uint64_t set_aside = 0;    // damaged files
    std::uint64_t rows_lost = 0;    // of what the sensor knows: they found no room while the file did not work
    std::uint64_t file_bytes = 0;   // with SQLite's log
    base::EnumArray<FailureCause, std::uint64_t> failures;
};

}  // namespace telltale::exporters::outbox
