// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/change_writer.h"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <limits>

namespace telltale::exporters::outbox {

using model::Topic;

ChangeWriter::ChangeWriter(SQLite::Database& database, std::uint64_t boot, const KeepByTopic& keep)
    : database_(database), boot_(boot), keep_(keep), index_(database), state_(database) {
    for (const auto topic : base::enumerators<Topic>()) {
        logs_[topic].log = std::make_unique<EventLog>(database, topic);
    }
}

// Reads what the last transaction has left: at the start, and after one that failed.
void ChangeWriter::begin() {
    if (fresh_) return;
    last_ = 0;
    for (Log& log : logs_) {
        last_ = std::max(last_, log.log->last());
        log.sums = log.log->sums_at(std::numeric_limits<std::int64_t>::max());
    }
    index_.resume(last_);
}

void ChangeWriter::write(const Changes& changes, std::int64_t now_ns) {
    begin();
    fresh_ = false;
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    const bool begins = !begun_ && !changes.events.empty();
    if (begins) begin_boot(database_, boot_, now_ns);
    write_events(changes);
    write_ledger(changes);
    for (const auto& [name, row] : changes.rows) state_.write(row);
    forget(changes, now_ns);
    transaction.commit();
    begun_ |= begins;
    fresh_ = true;
}

void ChangeWriter::write_events(const Changes& changes) {
    base::EnumArray<Topic, std::uint64_t> last_stored;
    for (const StoredEnvelope& envelope : changes.events) {
        Log& log = logs_[envelope->topic()];
        ++log.sums.events;
        log.sums.bytes += envelope->bytes();
        log.log->insert(*envelope, boot_, log.sums);
        last_ = envelope->position;
        if (const auto replay = changes.replays.find(last_); replay != changes.replays.end()) {
            index_.pass(last_);
            save_replay(database_, last_, replay->second);
            continue;
        }
        index_.add(*envelope);
        last_stored[envelope->topic()] = envelope->sequence;
    }
    for (const auto topic : base::enumerators<Topic>()) {
        if (last_stored[topic] != 0) save_last_stored(database_, boot_, topic, last_stored[topic]);
    }
}

void ChangeWriter::write_ledger(const Changes& changes) {
    for (const auto& [of, place] : changes.places) save_place(database_, of.first, of.second, place);
    if (changes.drops) save_drops(database_, boot_, *changes.drops);
    for (const DeadRow& row : changes.dead) save_dead(database_, row);
}

void ChangeWriter::forget(const Changes& changes, std::int64_t now_ns) {
    // More than comes in, so that a backlog shrinks, but no more than a moment's work.
    const std::size_t most = 2 * changes.events.size() + kErasedAtMost;
    Position oldest = std::numeric_limits<Position>::max();
    for (const auto topic : base::enumerators<Topic>()) {
        EventLog& log = *logs_[topic].log;
        const std::uint64_t acknowledged = log.sums_at(changes.released[topic]).bytes;
        const std::uint64_t beyond = acknowledged - std::min(acknowledged, keep_[topic].bytes);
        // The newest event stays, so that positions and sums go on after a restart.
        const Position newest = log.last();
        const Position upto = std::min(changes.released[topic], newest - std::min<Position>(newest, 1));
        log.erase_oldest(upto, now_ns - keep_[topic].age_ns, beyond, most);
        if (newest != 0) oldest = std::min(oldest, log.first());
    }
    if (oldest == std::numeric_limits<Position>::max()) return;
    if (index_.forget(oldest)) forget_replays(database_, oldest);
}

}  // namespace telltale::exporters::outbox
