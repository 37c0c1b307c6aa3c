// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

Envelope envelope_at(SQLite::Statement& row, int first) {
    Envelope envelope;
    envelope.position = unsigned_at(row, first);
    envelope.dataset = word_at<model::Dataset>(row, first + 1);
    envelope.sequence = unsigned_at(row, first + 2);
    envelope.created_ns = row.getColumn(first + 3).getInt64();
    envelope.received_ns = row.getColumn(first + 4).getInt64();
    envelope.key = text_at(row, first + 5);
    envelope.json = text_at(row, first + 6);
    return envelope;
}

}  // namespace telltale::exporters::outbox
