// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/dead_replay.h"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/event_log.h"
#include "exporters/store/outbox/failure.h"
#include "exporters/store/outbox/file_lock.h"
#include "exporters/store/outbox/ledger.h"
#include "exporters/store/outbox/schema.h"
#include "exporters/store/outbox/segment_index.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {
namespace {

constexpr std::chrono::milliseconds kLook{100};

// Writes one row per event into `replay`; those that are not dead any more are left out.
void ask(SQLite::Database& database, std::span<const std::int64_t> numbers) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement ask(database, "INSERT OR IGNORE INTO replay SELECT number FROM dead WHERE number = ?");
    for (const std::int64_t number : numbers) {
        const Use use(ask);
        ask.bind(1, number);
        ask.exec();
    }
    transaction.commit();
}

std::size_t unanswered(SQLite::Database& database, std::span<const std::int64_t> numbers) {
    std::size_t count = 0;
    for (const DeadRow& row : dead_rows(database, Dead::asked_for)) {
        count += std::find(numbers.begin(), numbers.end(), row.number) != numbers.end() ? 1U : 0U;
    }
    return count;
}

// Appends a copy of each at the end of its log.
std::size_t replay_here(SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    base::EnumArray<model::Topic, std::unique_ptr<EventLog>> logs;
    base::EnumArray<model::Topic, Sums> sums;
    Position last = 0;
    for (const auto topic : base::enumerators<model::Topic>()) {
        logs[topic] = std::make_unique<EventLog>(database, topic);
        sums[topic] = logs[topic]->sums_at(std::numeric_limits<std::int64_t>::max());
        last = std::max(last, logs[topic]->last());
    }
    SegmentIndex index(database);
    index.resume(last);
    const std::uint64_t boot = remember(database).boot;
    const std::vector<DeadRow> asked = dead_rows(database, Dead::asked_for);
    for (const DeadRow& row : asked) {
        const model::Topic topic = row.envelope->topic();
        Envelope copy = *row.envelope;
        copy.position = ++last;
        ++sums[topic].events;
        sums[topic].bytes += copy.bytes();
        logs[topic]->insert(copy, boot, sums[topic]);
        index.pass(last);
        save_replay(database, last, {row.reader, topic, row.envelope->position});
    }
    transaction.commit();
    return asked.size();
}

ReplayOutcome wait_for_sensor(SQLite::Database& database, std::span<const std::int64_t> numbers,
                              std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::size_t left = unanswered(database, numbers);
    while (left != 0 && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(kLook);
        left = unanswered(database, numbers);
    }
    return {numbers.size() - left, left, true};
}

}  // namespace

base::Result<ReplayOutcome> replay_dead(const std::filesystem::path& file, std::span<const std::int64_t> numbers,
                                        std::chrono::milliseconds patience) {
    const auto database = open_for_writing(file);
    if (!database) return database.error();
    try {
        ask(**database, numbers);
        // Held to the end: no sensor starts on the file in between.
        const auto lock = FileLock::take(file);
        if (!lock) return wait_for_sensor(**database, numbers, patience);
        return ReplayOutcome{replay_here(**database), 0, false};
    } catch (const SQLite::Exception& exception) {
        return base::Error{file.string() + ": " + failure_of(exception).sentence()};
    }
}

}  // namespace telltale::exporters::outbox
