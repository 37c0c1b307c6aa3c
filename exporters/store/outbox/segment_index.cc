// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/segment_index.h"

#include <algorithm>
#include <utility>

#include "exporters/store/outbox/event_terms.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

std::string pack_places(const std::vector<std::uint32_t>& places) {
    std::string packed;
    std::uint32_t before = 0;
    for (const std::uint32_t place : places) {
        std::uint32_t rest = place - before;
        for (; rest >= 0x80; rest >>= 7) packed.push_back(static_cast<char>(rest | 0x80));
        packed.push_back(static_cast<char>(rest));
        before = place;
    }
    return packed;
}

std::vector<std::uint32_t> unpack_places(std::string_view packed) {
    std::vector<std::uint32_t> places;
    std::uint32_t place = 0;
    std::uint32_t difference = 0;
    unsigned shift = 0;
    for (const char c : packed) {
        const auto byte = static_cast<unsigned char>(c);
        difference |= static_cast<std::uint32_t>(byte & 0x7FU) << shift;
        shift += 7;
        if ((byte & 0x80U) != 0 && shift < 32) continue;
        place += difference;
        places.push_back(place);
        difference = shift = 0;
    }
    return places;
}

SegmentIndex::SegmentIndex(SQLite::Database& database)
    : database_(database),
      write_segment_(database, "INSERT INTO segment VALUES(?, ?, ?)"),
      write_posting_(database, "INSERT INTO posting VALUES(?, ?, ?)") {}

void SegmentIndex::begin_segment(std::uint64_t number) {
    open_ = number;
    first_ns_ = last_ns_ = 0;
    postings_.clear();
}

void SegmentIndex::resume(Position last) {
    // That of `last` itself: if it is full, it is written when the next one begins.
    begin_segment(segment_of(std::max<Position>(last, 1)));
    SQLite::Statement rows(database_,
                           "SELECT position, created_ns, json FROM event WHERE position >= ? AND position NOT IN "
                           "(SELECT position FROM replayed) ORDER BY position");
    rows.bind(1, signed_of(first_of_segment(open_)));
    while (rows.executeStep()) take(unsigned_at(rows, 0), rows.getColumn(1).getInt64(), text_at(rows, 2));
}

void SegmentIndex::add(const Envelope& envelope) {
    pass(envelope.position);
    take(envelope.position, envelope.created_ns, envelope.json);
}

void SegmentIndex::pass(Position position) {
    if (segment_of(position) == open_) return;
    write();
    begin_segment(segment_of(position));
}

void SegmentIndex::take(Position position, std::int64_t created_ns, std::string_view json) {
    if (first_ns_ == 0 || created_ns < first_ns_) first_ns_ = created_ns;
    last_ns_ = std::max(last_ns_, created_ns);
    const auto place = static_cast<std::uint32_t>(position - first_of_segment(open_));
    for (std::string& found : terms_of(json)) postings_[std::move(found)].push_back(place);
}

void SegmentIndex::write() {
    if (postings_.empty()) return;
    const Use use(write_segment_);
    SQLite::bind(write_segment_, signed_of(open_), first_ns_, last_ns_);
    write_segment_.exec();
    // In the order of the table's key, so that its pages are filled one after the other.
    std::vector<const Postings::value_type*> sorted;
    for (const auto& posting : postings_) sorted.push_back(&posting);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* left, const auto* right) { return left->first < right->first; });
    for (const auto* posting : sorted) {
        const Use use_posting(write_posting_);
        const std::string packed = pack_places(posting->second);
        write_posting_.bind(1, signed_of(open_));
        write_posting_.bindNoCopy(2, posting->first);
        write_posting_.bindNoCopy(3, packed.data(), static_cast<int>(packed.size()));
        write_posting_.exec();
    }
}

bool SegmentIndex::forget(Position oldest) {
    const std::uint64_t first_kept = oldest == 0 ? 0 : segment_of(oldest);
    if (first_kept <= forgotten_) return false;
    for (const char* table : {"DELETE FROM posting WHERE segment < ?", "DELETE FROM segment WHERE number < ?"}) {
        SQLite::Statement statement(database_, table);
        statement.bind(1, signed_of(first_kept));
        statement.exec();
    }
    forgotten_ = first_kept;
    return true;
}

}  // namespace telltale::exporters::outbox
