// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/outbox_stats.h"

#include "exporters/store/outbox/event_log.h"

namespace telltale::exporters::outbox {
namespace {

LogStats stats_of(EventLog& log) {
    const Position last = log.last();
    if (last == 0) return {};
    const Sums before = log.sums_at(0);
    const Sums all = log.sums_at(last);
    return {all.events - before.events, all.bytes - before.bytes, log.created_at(log.first()), log.created_at(last)};
}

}  // namespace

OutboxStats read_stats(SQLite::Database& database) {
    OutboxStats stats;
    stats.sensor_id = database.execAndGet("SELECT id FROM sensor").getString();
    Remembered remembered = remember(database);
    stats.boots = remembered.boot;
    stats.dead = std::move(remembered.dead);
    for (const auto& [name, places] : remembered.readers) stats.readers.push_back({name, {}});
    for (const auto topic : base::enumerators<model::Topic>()) {
        EventLog log(database, topic);
        stats.logs[topic] = stats_of(log);
        const std::uint64_t end = log.sums_at(log.last()).events;
        std::size_t reader = 0;
        for (const auto& [name, places] : remembered.readers) {
            stats.readers[reader++].lag[topic] = end - log.sums_at(places[topic]).events;
        }
    }
    return stats;
}

}  // namespace telltale::exporters::outbox
