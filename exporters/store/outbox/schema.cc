// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/schema.h"

#include <SQLiteCpp/Transaction.h>

namespace telltale::exporters::outbox {
namespace {

// `boot` numbers the starts of the sensor from 1. Datasets and topics are kept as their words, so that a file outlives
// a change of the enumerations.
constexpr const char* kTables = R"sql(
CREATE TABLE sensor(id TEXT NOT NULL);
CREATE TABLE boot(number INTEGER PRIMARY KEY, begun_ns INTEGER NOT NULL);
-- The last sequence that each topic has stored in a boot.
CREATE TABLE boot_log(boot INTEGER, topic TEXT, last_stored INTEGER NOT NULL, PRIMARY KEY(boot, topic)) WITHOUT ROWID;
CREATE TABLE reader(name TEXT, topic TEXT, acknowledged INTEGER NOT NULL, PRIMARY KEY(name, topic)) WITHOUT ROWID;
-- Sequences that no stored event carries and that no event has reported yet.
CREATE TABLE dropped(boot INTEGER, topic TEXT, first INTEGER, last INTEGER NOT NULL, PRIMARY KEY(boot, topic, first))
    WITHOUT ROWID;
-- Events that a reader's destination refused for good, with a copy, because the log forgets.
CREATE TABLE dead(number INTEGER PRIMARY KEY, reader TEXT NOT NULL, topic TEXT NOT NULL, position INTEGER NOT NULL,
    dataset TEXT NOT NULL, sequence INTEGER NOT NULL, created_ns INTEGER NOT NULL, received_ns INTEGER NOT NULL,
    key TEXT NOT NULL, json TEXT NOT NULL, reason TEXT NOT NULL);
-- The index: which closed segments there are.
CREATE TABLE segment(number INTEGER PRIMARY KEY, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL);
)sql";

// Since version 2.
constexpr const char* kAddedTables = R"sql(
-- Which terms occur where in a closed segment: the terms of a bucket (bucket_of), each with its length in LEB128, and
-- after it, likewise, its places: offsets in the segment, rising, as differences in LEB128.
CREATE TABLE IF NOT EXISTS bucket(segment INTEGER, number INTEGER, terms BLOB NOT NULL, PRIMARY KEY(segment, number))
    WITHOUT ROWID;
-- Dead events that somebody asks to be replayed: the sensor's next transaction does it.
CREATE TABLE IF NOT EXISTS replay(dead INTEGER PRIMARY KEY);
-- Events of the logs that are copies of dead ones, for the reader that had refused them and for no other.
CREATE TABLE IF NOT EXISTS replayed(position INTEGER PRIMARY KEY, reader TEXT NOT NULL);
-- As `dropped`, of events that were stored and have made room for newer ones.
CREATE TABLE IF NOT EXISTS evicted(boot INTEGER, topic TEXT, first INTEGER, last INTEGER NOT NULL,
    PRIMARY KEY(boot, topic, first)) WITHOUT ROWID;
-- The sensor's knowledge: rows of correlate, each as it was when the last event about it was stored, or later.
CREATE TABLE IF NOT EXISTS state(kind TEXT, key TEXT, line TEXT NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
)sql";

// `octets` is what the limits count of this event; `events` and `bytes` are sums over the topic's events up to and with
// this one, so that what lies between two places is one subtraction.
constexpr const char* kLog =
    "(position INTEGER PRIMARY KEY, dataset TEXT NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL, "
    "created_ns INTEGER NOT NULL, received_ns INTEGER NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL, "
    "octets INTEGER NOT NULL, "
    "key TEXT NOT NULL, json TEXT NOT NULL)";

}  // namespace

std::string log_table(model::Topic topic) { return "log_" + std::string(to_string(topic)); }

void create_schema(SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
    database.exec(kTables);
    std::string all;
    for (const auto topic : base::enumerators<model::Topic>()) {
        database.exec("CREATE TABLE " + log_table(topic) + kLog);
        all += (all.empty() ? "" : " UNION ALL ") + ("SELECT * FROM " + log_table(topic));
    }
    database.exec("CREATE VIEW event AS " + all);
    database.exec(kAddedTables);
    transaction.commit();
}

void add_tables(SQLite::Database& database) {
    if (has_added_tables(database)) return;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(kAddedTables);
    // An index in the former form: its segments are searched without one.
    database.exec("DROP TABLE IF EXISTS posting; DELETE FROM segment");
    database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
    transaction.commit();
}

bool has_added_tables(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt() >= kSchemaVersion;
}

}  // namespace telltale::exporters::outbox
