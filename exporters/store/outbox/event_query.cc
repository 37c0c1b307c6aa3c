// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/event_query.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "exporters/store/outbox/event_terms.h"
#include "exporters/store/outbox/schema.h"
#include "exporters/store/outbox/segment_index.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {
namespace {

// Copies of dead events are not shown: the event is shown where it was stored first.
std::string range_without_copies(SQLite::Database& database) {
    return std::string("position BETWEEN ? AND ?") +
           (has_added_tables(database) ? " AND position NOT IN (SELECT position FROM replayed)" : "") +
           " ORDER BY position DESC";
}

std::string select_where(const std::string& condition) {
    return std::string("SELECT ") + kEnvelopeColumns + " FROM event WHERE " + condition;
}

// The first and the last position. SQLite finds a table's ends at once, but not those of a view.
std::string ends_of_the_logs() {
    std::string logs;
    for (const auto topic : base::enumerators<model::Topic>()) {
        const std::string table = log_table(topic);
        logs +=
            (logs.empty() ? "SELECT (SELECT min(position) FROM " : " UNION ALL SELECT (SELECT min(position) FROM ") +
            table + ") AS first, (SELECT max(position) FROM " + table + ") AS last";
    }
    return "SELECT ifnull(min(first), 0), ifnull(max(last), 0) FROM (" + logs + ")";
}

bool in_range(const EventFilter& filter, std::int64_t created_ns) {
    return created_ns >= filter.since_ns && created_ns < filter.until_ns;
}

bool has_terms(const std::vector<std::string>& wanted, std::string_view json) {
    if (wanted.empty()) return true;
    std::vector<bool> found(wanted.size());
    each_term(json, [&](std::string_view term) {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i] == term) found[i] = true;
        }
    });
    return std::find(found.begin(), found.end(), false) == found.end();
}

}  // namespace

EventQuery::EventQuery(SQLite::Database& database)
    : segment_(database, "SELECT first_ns, last_ns FROM segment WHERE number = ?"),
      bucket_(database, "SELECT terms FROM bucket WHERE segment = ? AND number = ?"),
      one_(database, select_where("position = ?")),
      range_(database, select_where(range_without_copies(database))),
      ends_(database, ends_of_the_logs()) {}

Position EventQuery::first() {
    const Use use(ends_);
    ends_.executeStep();
    return unsigned_at(ends_, 0);
}

Position EventQuery::last() {
    const Use use(ends_);
    ends_.executeStep();
    return unsigned_at(ends_, 1);
}

// Nullopt: the segment is still open.
std::optional<bool> EventQuery::in_time(std::uint64_t segment, const EventFilter& filter) {
    const Use use(segment_);
    segment_.bind(1, signed_of(segment));
    if (!segment_.executeStep()) return std::nullopt;
    return segment_.getColumn(1).getInt64() >= filter.since_ns && segment_.getColumn(0).getInt64() < filter.until_ns;
}

// Nullopt: a term does not occur in it.
std::optional<EventQuery::Offsets> EventQuery::places_of(std::uint64_t segment, const std::vector<std::string>& terms) {
    Offsets common;
    for (const std::string& one : terms) {
        const Use use(bucket_);
        bucket_.bind(1, signed_of(segment));
        bucket_.bind(2, bucket_of(one));
        if (!bucket_.executeStep()) return std::nullopt;
        const SQLite::Column terms_column = bucket_.getColumn(0);
        const std::string_view bucket(static_cast<const char*>(terms_column.getBlob()),
                                      static_cast<std::size_t>(terms_column.getBytes()));
        const std::optional<std::string_view> packed = find_in_bucket(bucket, one);
        if (!packed) return std::nullopt;
        Offsets places = unpack_places(*packed);
        if (&one == &terms.front()) {
            common = std::move(places);
            continue;
        }
        Offsets both;
        std::set_intersection(common.begin(), common.end(), places.begin(), places.end(), std::back_inserter(both));
        common = std::move(both);
    }
    return common;
}

std::vector<Envelope> EventQuery::at(std::uint64_t segment, const Offsets& places, const EventFilter& filter,
                                     std::size_t newest) {
    std::vector<Envelope> found;
    for (auto place = places.rbegin(); place != places.rend() && found.size() < newest; ++place) {
        const Use use(one_);
        one_.bind(1, signed_of(first_of_segment(segment) + *place));
        // An event may have been deleted since it was indexed.
        if (one_.executeStep() && in_range(filter, one_.getColumn(3).getInt64())) found.push_back(envelope_at(one_));
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<Envelope> EventQuery::scan(std::uint64_t segment, const EventFilter& filter, std::size_t newest) {
    std::vector<Envelope> found;
    const Use use(range_);
    const Position first = first_of_segment(segment);
    SQLite::bind(range_, signed_of(first), signed_of(first + kSegmentEvents - 1));
    while (found.size() < newest && range_.executeStep()) {
        if (!in_range(filter, range_.getColumn(3).getInt64())) continue;
        Envelope envelope = envelope_at(range_);
        if (has_terms(filter.terms, envelope.json)) found.push_back(std::move(envelope));
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<Envelope> EventQuery::matches_in(std::uint64_t segment, const EventFilter& filter, std::size_t newest) {
    const std::optional<bool> closed_and_in_time = in_time(segment, filter);
    if (closed_and_in_time && !*closed_and_in_time) return {};
    if (closed_and_in_time && !filter.terms.empty()) {
        const std::optional<Offsets> places = places_of(segment, filter.terms);
        return places ? at(segment, *places, filter, newest) : std::vector<Envelope>{};
    }
    return scan(segment, filter, newest);
}

std::vector<Envelope> EventQuery::newest(const EventFilter& filter, std::size_t max) {
    const Position end = last();
    if (end == 0 || max == 0) return {};
    const std::uint64_t oldest = segment_of(first());
    std::vector<std::vector<Envelope>> parts;  // newest first
    std::size_t found = 0;
    for (std::uint64_t segment = segment_of(end) + 1; segment-- > oldest && found < max;) {
        parts.push_back(matches_in(segment, filter, max - found));
        found += parts.back().size();
    }
    std::vector<Envelope> all;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        std::move(part->begin(), part->end(), std::back_inserter(all));
    }
    return all;
}

Position EventQuery::each(const EventFilter& filter, Position after, const Take& take, const Progress& progress) {
    const Position end = last();
    if (end <= after) return after;
    const Position start = std::max(first(), after + 1);
    for (std::uint64_t segment = segment_of(start); segment <= segment_of(end); ++segment) {
        for (const Envelope& envelope : matches_in(segment, filter, kSegmentEvents)) {
            if (envelope.position > after && envelope.position <= end) take(envelope);
        }
        const Position looked_at = std::min(end, first_of_segment(segment + 1) - 1);
        if (!progress(looked_at, end)) return looked_at;
    }
    return end;
}

}  // namespace telltale::exporters::outbox
