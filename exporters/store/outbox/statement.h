// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <cstdint>
#include <string>

#include "exporters/envelope.h"
#include "sensor/base/enumeration.h"

// Additions to SQLiteCpp's prepared statements: a scope of use, and values of our types.
namespace telltale::exporters::outbox {

// One use of a prepared statement: it is reset at the end, also by an exception, so that it holds no lock.
class Use {
  public:
    explicit Use(SQLite::Statement& statement) : statement_(statement) {}
    ~Use() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

  private:
    SQLite::Statement& statement_;
};

// SQLite's integers are signed; ours stay below 2^63.
inline std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

inline std::uint64_t unsigned_at(SQLite::Statement& row, int column) {
    return static_cast<std::uint64_t>(row.getColumn(column).getInt64());
}

inline std::string text_at(SQLite::Statement& row, int column) { return row.getColumn(column).getString(); }

// An unknown word, of a newer version, is the first enumerator.
template <typename Enum>
Enum word_at(SQLite::Statement& row, int column) {
    return base::from_word<Enum>(text_at(row, column)).value_or(Enum{});
}

// The columns of an envelope, and their values in a row, from column `first` on.
inline constexpr const char* kEnvelopeColumns = "position, dataset, sequence, created_ns, received_ns, key, json";
Envelope envelope_at(SQLite::Statement& row, int first = 0);

}  // namespace telltale::exporters::outbox
