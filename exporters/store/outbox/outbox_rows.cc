// SPDX-License-Identifier: Apache-2.0
// The rows of the sensor's state in the outbox.
#include <string>
#include <utility>

#include "exporters/store/outbox/outbox_store.h"
#include "exporters/store/outbox/state_table.h"

namespace telltale::exporters::outbox {
namespace {

constexpr int kWaitForTheWriterMs = 5'000;

std::string name_of(const model::StateRow& row) { return std::string(row.kind) + '/' + row.key; }

}  // namespace

AppendResult OutboxStore::append_with(model::StateRows rows, Envelope envelope, const Render& render) {
    for (const model::StateRow& row : rows) unreported_.erase(name_of(row));
    rows_ = std::move(rows);
    const AppendResult result = append(std::move(envelope), render);
    if (!result.stored) keep_without_event();
    rows_.clear();
    return result;
}

// The event of rows_ found no room: what it would have reported was not reported.
void OutboxStore::keep_without_event() {
    for (const model::StateRow& row : rows_) {
        if (row.reports && unreported_.size() < ChangeQueue::kMostRows) unreported_.insert(name_of(row));
    }
    keep_rows(std::move(rows_));
}

void OutboxStore::keep_rows(model::StateRows rows) {
    if (!unreported_.empty()) {
        std::erase_if(rows, [this](const model::StateRow& row) { return unreported_.contains(name_of(row)); });
    }
    queue_.add(std::move(rows));
}

base::Status OutboxStore::read_rows(std::string_view kind, const std::function<void(std::string_view)>& visit) {
    const std::lock_guard lock(reading_);
    try {
        StateTable(*file_.reading).read(kind, visit);
        return base::Done{};
    } catch (const SQLite::Exception& exception) {
        return base::Error{config_.file.string() + ": " + failure_of(exception).sentence()};
    }
}

base::Result<std::size_t> OutboxStore::put_rows_aside() {
    try {
        SQLite::Database database(config_.file.string(), SQLite::OPEN_READWRITE, kWaitForTheWriterMs);
        return StateTable::put_aside(database);
    } catch (const SQLite::Exception& exception) {
        return base::Error{config_.file.string() + ": " + failure_of(exception).sentence()};
    }
}

}  // namespace telltale::exporters::outbox
