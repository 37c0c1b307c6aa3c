// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/ledger.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "exporters/store/outbox/schema.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {
namespace {

LastSequences last_stored_of(SQLite::Database& database, std::uint64_t boot) {
    LastSequences last;
    SQLite::Statement rows(database, "SELECT topic, last_stored FROM boot_log WHERE boot = ?");
    rows.bind(1, signed_of(boot));
    while (rows.executeStep()) last[word_at<model::Topic>(rows, 0)] = unsigned_at(rows, 1);
    return last;
}

std::map<std::string, PlacesByTopic> readers_of(SQLite::Database& database) {
    std::map<std::string, PlacesByTopic> readers;
    SQLite::Statement rows(database, "SELECT name, topic, acknowledged FROM reader");
    while (rows.executeStep()) readers[text_at(rows, 0)][word_at<model::Topic>(rows, 1)] = unsigned_at(rows, 2);
    return readers;
}

std::vector<DropRange> drops_of(SQLite::Database& database, std::uint64_t boot) {
    std::vector<DropRange> drops;
    for (const bool evicted : {false, true}) {
        if (evicted && !has_added_tables(database)) break;
        SQLite::Statement rows(database, std::string("SELECT topic, first, last FROM ") +
                                             (evicted ? "evicted" : "dropped") + " WHERE boot = ?");
        rows.bind(1, signed_of(boot));
        while (rows.executeStep()) {
            drops.push_back(
                {word_at<model::Topic>(rows, 0), unsigned_at(rows, 1), unsigned_at(rows, 2), false, evicted});
        }
    }
    std::sort(drops.begin(), drops.end(), [](const DropRange& left, const DropRange& right) {
        return std::pair(left.topic, left.first) < std::pair(right.topic, right.first);
    });
    return drops;
}

std::map<Position, std::string> replays_of(SQLite::Database& database) {
    std::map<Position, std::string> replays;
    if (!has_added_tables(database)) return replays;
    SQLite::Statement rows(database, "SELECT position, reader FROM replayed");
    while (rows.executeStep()) replays[unsigned_at(rows, 0)] = text_at(rows, 1);
    return replays;
}

}  // namespace

std::vector<DeadRow> dead_rows(SQLite::Database& database, Dead which) {
    std::vector<DeadRow> dead;
    const std::string asked = has_added_tables(database) ? "number IN (SELECT dead FROM replay)" : "0";
    SQLite::Statement rows(database, "SELECT reader, reason, number, " + asked + ", " + kEnvelopeColumns +
                                         " FROM dead WHERE " + (which == Dead::all ? "1" : asked) + " ORDER BY number");
    while (rows.executeStep()) {
        dead.push_back({text_at(rows, 0), std::make_shared<const Envelope>(envelope_at(rows, 4)), text_at(rows, 1),
                        rows.getColumn(2).getInt64(), rows.getColumn(3).getInt() != 0});
    }
    return dead;
}

Remembered remember(SQLite::Database& database) {
    Remembered remembered;
    remembered.boot =
        static_cast<std::uint64_t>(database.execAndGet("SELECT ifnull(max(number), 0) FROM boot").getInt64());
    if (remembered.boot != 0) remembered.last_boot = last_stored_of(database, remembered.boot);
    remembered.readers = readers_of(database);
    remembered.drops = drops_of(database, remembered.boot);
    remembered.dead = dead_rows(database, Dead::all);
    remembered.replays = replays_of(database);
    return remembered;
}

void begin_boot(SQLite::Database& database, std::uint64_t number, std::int64_t now_ns) {
    SQLite::Statement begin(database, "INSERT OR IGNORE INTO boot VALUES(?, ?)");
    SQLite::bind(begin, signed_of(number), now_ns);
    begin.exec();
    for (const char* forget : {"DELETE FROM boot_log WHERE boot < ?", "DELETE FROM dropped WHERE boot < ?",
                               "DELETE FROM evicted WHERE boot < ?"}) {
        SQLite::Statement statement(database, forget);
        statement.bind(1, signed_of(number) - 1);
        statement.exec();
    }
}

void save_last_stored(SQLite::Database& database, std::uint64_t boot, model::Topic topic, std::uint64_t sequence) {
    SQLite::Statement save(database, "INSERT OR REPLACE INTO boot_log VALUES(?, ?, ?)");
    SQLite::bind(save, signed_of(boot), std::string(to_string(topic)), signed_of(sequence));
    save.exec();
}

void save_place(SQLite::Database& database, const std::string& reader, model::Topic topic, Position acknowledged) {
    SQLite::Statement save(database, "INSERT OR REPLACE INTO reader VALUES(?, ?, ?)");
    SQLite::bind(save, reader, std::string(to_string(topic)), signed_of(acknowledged));
    save.exec();
}

void save_drops(SQLite::Database& database, std::uint64_t boot, std::span<const DropRange> untold) {
    database.exec("DELETE FROM dropped; DELETE FROM evicted");
    SQLite::Statement save_dropped(database, "INSERT INTO dropped VALUES(?, ?, ?, ?)");
    SQLite::Statement save_evicted(database, "INSERT INTO evicted VALUES(?, ?, ?, ?)");
    for (const DropRange& range : untold) {
        SQLite::Statement& save = range.evicted ? save_evicted : save_dropped;
        const Use use(save);
        SQLite::bind(save, signed_of(range.of_last_boot ? boot - 1 : boot), std::string(to_string(range.topic)),
                     signed_of(range.first), signed_of(range.last));
        save.exec();
    }
}

void save_dead(SQLite::Database& database, const DeadRow& row) {
    const Envelope& envelope = *row.envelope;
    SQLite::Statement save(database, "INSERT INTO dead VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    SQLite::bind(save, row.reader, std::string(to_string(envelope.topic())), signed_of(envelope.position),
                 std::string(to_string(envelope.dataset)), signed_of(envelope.sequence), envelope.created_ns,
                 envelope.received_ns, envelope.key, envelope.json, row.reason);
    save.exec();
    SQLite::Statement forget(database, "DELETE FROM dead WHERE number <= (SELECT max(number) FROM dead) - ?");
    forget.bind(1, signed_of(EventStore::kMaxDeadEvents));
    forget.exec();
}

void save_replay(SQLite::Database& database, Position copy, const DeadKey& dead) {
    SQLite::Statement save(database, "INSERT INTO replayed VALUES(?, ?)");
    SQLite::bind(save, signed_of(copy), dead.reader);
    save.exec();
    SQLite::Statement risen(database, "DELETE FROM dead WHERE reader = ? AND topic = ? AND position = ?");
    SQLite::bind(risen, dead.reader, std::string(to_string(dead.topic)), signed_of(dead.position));
    risen.exec();
    database.exec("DELETE FROM replay WHERE dead NOT IN (SELECT number FROM dead)");
}

void forget_replays(SQLite::Database& database, Position oldest) {
    SQLite::Statement forget(database, "DELETE FROM replayed WHERE position < ?");
    forget.bind(1, signed_of(oldest));
    forget.exec();
}

}  // namespace telltale::exporters::outbox
