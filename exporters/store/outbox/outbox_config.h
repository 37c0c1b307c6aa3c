// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "exporters/event_store.h"
#include "exporters/store/waiting_log.h"

namespace telltale::exporters::outbox {

// How long a topic's events stay once every reader has acknowledged them: until one of the two is passed.
struct Keep {
    std::int64_t age_ns = 0;
    std::uint64_t bytes = 0;

    bool operator==(const Keep&) const = default;
};

using KeepByTopic = base::EnumArray<model::Topic, Keep>;

// How sure a commit is.
enum class Durability : std::uint8_t {
    disk,    // it survives a loss of power: every commit waits for the disk
    system,  // it survives the end of the process; for tests
};

// Settings of an OutboxStore. A value.
struct OutboxConfig {
    std::filesystem::path file;
    std::string sensor_id;  // the file belongs to it
    StoreLimits limits;     // of waiting events; what is kept beyond that has `keep`
    Overflow overflow = Overflow::drop;
    KeepByTopic keep;
    // How long an event waits for others to be committed with. 0: append() returns when the event is committed.
    std::chrono::milliseconds commit_delay{50};
    // How many events of a topic, of those that wait from earlier boots, are in memory at a time.
    std::size_t waiting_page = WaitingLog::kPage;
    Durability durability = Durability::disk;
    // Hears, once per change, that the file refuses to work, or works again, and that dead events were replayed. Any
    // thread of the store.
    std::function<void(std::string_view line, bool works)> log;
};

}  // namespace telltale::exporters::outbox
