// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/segment_index.h"

#include <algorithm>
#include <utility>

#include "exporters/store/outbox/event_terms.h"
#include "exporters/store/outbox/statement.h"

namespace telltale::exporters::outbox {

namespace {

void pack_number(std::size_t number, std::string& packed) {
    for (; number >= 0x80; number >>= 7) packed.push_back(static_cast<char>(number | 0x80));
    packed.push_back(static_cast<char>(number));
}

// Its length, then the text.
void pack_text(std::string_view text, std::string& packed) {
    pack_number(text.size(), packed);
    packed.append(text);
}

// Takes a text from the front; nullopt: the bytes end before it does.
std::optional<std::string_view> unpack_text(std::string_view& packed) {
    std::size_t size = 0;
    for (unsigned shift = 0; !packed.empty() && shift < 32; shift += 7) {
        const auto byte = static_cast<unsigned char>(packed.front());
        packed.remove_prefix(1);
        size |= std::size_t{byte & 0x7FU} << shift;
        if ((byte & 0x80U) != 0) continue;
        if (size > packed.size()) return std::nullopt;
        const std::string_view text = packed.substr(0, size);
        packed.remove_prefix(size);
        return text;
    }
    return std::nullopt;
}

}  // namespace

std::uint32_t bucket_of(std::string_view term) {
    // FNV-1a: the file keeps it.
    std::uint32_t hash = 2'166'136'261U;
    for (const char letter : term) hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619U;
    return (hash ^ hash >> 16) % kBuckets;
}

std::optional<std::string_view> find_in_bucket(std::string_view bucket, std::string_view term) {
    while (!bucket.empty()) {
        const std::optional<std::string_view> found = unpack_text(bucket);
        const std::optional<std::string_view> places = found ? unpack_text(bucket) : std::nullopt;
        if (!places) return std::nullopt;
        if (*found == term) return places;
    }
    return std::nullopt;
}

std::string pack_places(std::span<const std::uint32_t> places) {
    std::string packed;
    std::uint32_t before = 0;
    for (const std::uint32_t place : places) {
        pack_number(place - before, packed);
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
      write_bucket_(database, "INSERT INTO bucket VALUES(?, ?, ?)") {}

void SegmentIndex::begin_segment(std::uint64_t number) {
    open_ = number;
    first_ns_ = last_ns_ = 0;
    terms_.clear();
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
    each_term(json, [this, place](std::string_view found) { terms_.add(found, place); });
}

void SegmentIndex::write() {
    if (terms_.empty()) return;
    const Use use(write_segment_);
    SQLite::bind(write_segment_, signed_of(open_), first_ns_, last_ns_);
    write_segment_.exec();
    std::vector<std::string> buckets(kBuckets);
    terms_.each([&buckets](std::string_view term, std::span<const std::uint32_t> places) {
        std::string& bucket = buckets[bucket_of(term)];
        pack_text(term, bucket);
        pack_text(pack_places(places), bucket);
    });
    for (std::uint32_t number = 0; number < kBuckets; ++number) {
        if (buckets[number].empty()) continue;
        const Use use_bucket(write_bucket_);
        write_bucket_.bind(1, signed_of(open_));
        write_bucket_.bind(2, number);
        write_bucket_.bindNoCopy(3, buckets[number].data(), static_cast<int>(buckets[number].size()));
        write_bucket_.exec();
    }
}

bool SegmentIndex::forget(Position oldest) {
    const std::uint64_t first_kept = oldest == 0 ? 0 : segment_of(oldest);
    if (first_kept <= forgotten_) return false;
    for (const char* table : {"DELETE FROM bucket WHERE segment < ?", "DELETE FROM segment WHERE number < ?"}) {
        SQLite::Statement statement(database_, table);
        statement.bind(1, signed_of(first_kept));
        statement.exec();
    }
    forgotten_ = first_kept;
    return true;
}

}  // namespace telltale::exporters::outbox
