// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/envelope.h"
#include "exporters/store/outbox/segment_terms.h"

namespace telltale::exporters::outbox {

// A segment is kSegmentEvents positions in a row. While it is open its terms are kept in memory; when it is full they
// are written at once, so that an event costs no row of an index.
inline constexpr Position kSegmentEvents = 16'384;

constexpr std::uint64_t segment_of(Position position) { return (position - 1) / kSegmentEvents; }
constexpr Position first_of_segment(std::uint64_t segment) { return segment * kSegmentEvents + 1; }

// Offsets in a segment, rising: written as differences in LEB128, read back.
std::string pack_places(std::span<const std::uint32_t> places);
std::vector<std::uint32_t> unpack_places(std::string_view packed);

// The terms of a segment are divided among this many rows: a row per term would cost more than the events' own.
inline constexpr std::uint32_t kBuckets = 256;
std::uint32_t bucket_of(std::string_view term);
// Finds a term's packed places in its bucket; nullopt if it does not occur.
std::optional<std::string_view> find_in_bucket(std::string_view bucket, std::string_view term);

// Writes the index: events in the order of their positions. One thread; add() and forget() may throw SQLite::Exception
// and belong to the caller's transaction.
class SegmentIndex {
  public:
    explicit SegmentIndex(SQLite::Database& database);

    // Starts anew behind `last`, the newest event that is committed: when the file is opened, and after a transaction
    // that failed. Reads what the open segment holds.
    void resume(Position last);
    void add(const Envelope& envelope);
    // A position whose event is not to be found: a copy.
    void pass(Position position);
    // Forgets the segments before that of the oldest event that is kept. Returns whether there were any.
    bool forget(Position oldest);

  private:
    void begin_segment(std::uint64_t number);
    void take(Position position, std::int64_t created_ns, std::string_view json);
    void write();

    SQLite::Database& database_;
    SQLite::Statement write_segment_;
    SQLite::Statement write_bucket_;
    std::uint64_t open_ = 0;  // number of the open segment
    std::int64_t first_ns_ = 0;
    std::int64_t last_ns_ = 0;
    SegmentTerms terms_;           // of the open segment
    std::uint64_t forgotten_ = 0;  // segments before this one
};

}  // namespace telltale::exporters::outbox
