// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/event_log.h"

#include <memory>
#include <string>

#include "exporters/store/outbox/schema.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

EventLog::EventLog(SQLite::Database& database, model::Topic topic)
    : insert_(database, "INSERT INTO " + log_table(topic) + " VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
      read_(database, std::string("SELECT ") + kEnvelopeColumns + " FROM " + log_table(topic) +
                          " WHERE position > ? ORDER BY position LIMIT ?"),
      between_(database, "SELECT position, octets, created_ns, sequence, boot FROM " + log_table(topic) +
                             " WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"),
      sums_at_(database,
               "SELECT events, bytes FROM " + log_table(topic) + " WHERE position <= ? ORDER BY position DESC LIMIT 1"),
      oldest_(database, "SELECT position, created_ns, events, bytes, octets FROM " + log_table(topic) +
                            " ORDER BY position LIMIT 1"),
      last_(database, "SELECT max(position) FROM " + log_table(topic)),
      created_at_(database, "SELECT created_ns FROM " + log_table(topic) + " WHERE position = ?"),
      erase_(database, "DELETE FROM " + log_table(topic) +
                           " WHERE position IN (SELECT position FROM (SELECT position, created_ns, bytes FROM " +
                           log_table(topic) +
                           " WHERE position <= ? ORDER BY position LIMIT ?) WHERE created_ns < ? OR bytes <= ?)") {}

void EventLog::insert(const Envelope& envelope, std::uint64_t boot, Sums upto) {
    const Use use(insert_);
    // The texts outlive the step: no copies.
    insert_.bind(1, signed_of(envelope.position));
    insert_.bind(2, std::string(to_string(envelope.dataset)));
    insert_.bind(3, signed_of(boot));
    insert_.bind(4, signed_of(envelope.sequence));
    insert_.bind(5, envelope.created_ns);
    insert_.bind(6, envelope.received_ns);
    insert_.bind(7, signed_of(upto.events));
    insert_.bind(8, signed_of(upto.bytes));
    insert_.bind(9, signed_of(envelope.bytes()));
    insert_.bindNoCopy(10, envelope.key);
    insert_.bindNoCopy(11, envelope.json);
    insert_.exec();
}

void EventLog::read(Position after, std::size_t max, std::vector<StoredEnvelope>& batch) {
    const Use use(read_);
    read_.bind(1, signed_of(after));
    read_.bind(2, signed_of(max));
    while (read_.executeStep()) batch.push_back(std::make_shared<const Envelope>(envelope_at(read_)));
}

void EventLog::each_place(Position after, Position upto, std::size_t max,
                          const std::function<void(const LogPlace&)>& visit) {
    const Use use(between_);
    between_.bind(1, signed_of(after));
    between_.bind(2, signed_of(upto));
    between_.bind(3, signed_of(max));
    while (between_.executeStep()) {
        visit({unsigned_at(between_, 0), unsigned_at(between_, 1), between_.getColumn(2).getInt64(),
               unsigned_at(between_, 3), unsigned_at(between_, 4)});
    }
}

Sums EventLog::sums_at(Position position) {
    const Use use(sums_at_);
    sums_at_.bind(1, signed_of(position));
    if (sums_at_.executeStep()) return {unsigned_at(sums_at_, 0), unsigned_at(sums_at_, 1)};
    const Use use_oldest(oldest_);
    if (!oldest_.executeStep()) return {};
    return {unsigned_at(oldest_, 2) - 1, unsigned_at(oldest_, 3) - unsigned_at(oldest_, 4)};
}

Position EventLog::first() {
    const Use use(oldest_);
    return oldest_.executeStep() ? unsigned_at(oldest_, 0) : 0;
}

Position EventLog::last() {
    const Use use(last_);
    last_.executeStep();
    return unsigned_at(last_, 0);
}

std::int64_t EventLog::created_at(Position position) {
    const Use use(created_at_);
    created_at_.bind(1, signed_of(position));
    return created_at_.executeStep() ? created_at_.getColumn(0).getInt64() : 0;
}

std::size_t EventLog::erase_oldest(Position upto, std::int64_t created_before, std::uint64_t bytes, std::size_t max) {
    {
        // Most often nothing is due: then one row is looked at.
        const Use use_oldest(oldest_);
        if (!oldest_.executeStep()) return 0;
        const bool due = oldest_.getColumn(1).getInt64() < created_before || unsigned_at(oldest_, 3) <= bytes;
        if (!due || unsigned_at(oldest_, 0) > upto) return 0;
    }
    const Use use(erase_);
    erase_.bind(1, signed_of(upto));
    erase_.bind(2, signed_of(max));
    erase_.bind(3, created_before);
    erase_.bind(4, signed_of(bytes));
    return static_cast<std::size_t>(erase_.exec());
}

}  // namespace telltale::exporters::outbox
