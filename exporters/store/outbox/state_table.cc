// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/state_table.h"

#include <SQLiteCpp/Transaction.h>

#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

StateTable::StateTable(SQLite::Database& database)
    : save_(database, "INSERT OR REPLACE INTO state VALUES(?, ?, ?)"),
      erase_(database, "DELETE FROM state WHERE kind = ? AND key = ?"),
      read_(database, "SELECT line FROM state WHERE kind = ?") {}

void StateTable::write(const model::StateRow& row) {
    SQLite::Statement& statement = row.line.empty() ? erase_ : save_;
    const Use use(statement);
    statement.bind(1, std::string(row.kind));
    statement.bind(2, row.key);
    if (!row.line.empty()) statement.bind(3, row.line);
    statement.exec();
}

void StateTable::read(std::string_view kind, const std::function<void(std::string_view line)>& visit) {
    const Use use(read_);
    read_.bind(1, std::string(kind));
    while (read_.executeStep()) {
        const SQLite::Column line = read_.getColumn(0);
        visit({line.getText(), static_cast<std::size_t>(line.getBytes())});
    }
}

std::size_t StateTable::put_aside(SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const auto rows = static_cast<std::size_t>(database.execAndGet("SELECT count(*) FROM state").getInt64());
    database.exec("DROP TABLE IF EXISTS state_unusable");
    database.exec("CREATE TABLE state_unusable AS SELECT * FROM state");
    database.exec("DELETE FROM state");
    transaction.commit();
    return rows;
}

}  // namespace telltale::exporters::outbox
