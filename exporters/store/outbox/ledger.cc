// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/ledger.h"

#include <memory>
#include <utility>

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
    base::EnumArray<model::Topic, std::vector<DropRange>> by_topic;
    SQLite::Statement rows(database, "SELECT topic, first, last FROM dropped WHERE boot = ? ORDER BY first");
    rows.bind(1, signed_of(boot));
    while (rows.executeStep()) {
        const auto topic = word_at<model::Topic>(rows, 0);
        by_topic[topic].push_back({topic, unsigned_at(rows, 1), unsigned_at(rows, 2), false});
    }
    std::vector<DropRange> drops;
    for (const auto& ranges : by_topic) drops.insert(drops.end(), ranges.begin(), ranges.end());
    return drops;
}

std::vector<DeadRow> dead_of(SQLite::Database& database) {
    std::vector<DeadRow> dead;
    SQLite::Statement rows(database,
                           std::string("SELECT reader, reason, ") + kEnvelopeColumns + " FROM dead ORDER BY number");
    while (rows.executeStep()) {
        dead.push_back({text_at(rows, 0), std::make_shared<const Envelope>(envelope_at(rows, 2)), text_at(rows, 1)});
    }
    return dead;
}

}  // namespace

Remembered remember(SQLite::Database& database) {
    Remembered remembered;
    remembered.boot =
        static_cast<std::uint64_t>(database.execAndGet("SELECT ifnull(max(number), 0) FROM boot").getInt64());
    if (remembered.boot != 0) remembered.last_boot = last_stored_of(database, remembered.boot);
    remembered.readers = readers_of(database);
    remembered.drops = drops_of(database, remembered.boot);
    remembered.dead = dead_of(database);
    return remembered;
}

void begin_boot(SQLite::Database& database, std::uint64_t number, std::int64_t now_ns) {
    SQLite::Statement begin(database, "INSERT OR IGNORE INTO boot VALUES(?, ?)");
    SQLite::bind(begin, signed_of(number), now_ns);
    begin.exec();
    for (const char* forget : {"DELETE FROM boot_log WHERE boot < ?", "DELETE FROM dropped WHERE boot < ?"}) {
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
    database.exec("DELETE FROM dropped");
    SQLite::Statement save(database, "INSERT INTO dropped VALUES(?, ?, ?, ?)");
    for (const DropRange& range : untold) {
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

}  // namespace telltale::exporters::outbox
