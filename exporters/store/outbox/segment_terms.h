// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "sensor/base/hash_index.h"

namespace telltale::exporters::outbox {

// The terms of one segment's events, and which events have each: an inverted index while it grows. Terms are kept in
// blocks of memory that are freed together. One thread.
class SegmentTerms {
  public:
    // Says that the event at this place has the term. Places rise; the same one may come several times.
    void add(std::string_view term, std::uint32_t place);
    // Gives `visit` each term with its places, rising.
    void each(const std::function<void(std::string_view, std::span<const std::uint32_t>)>& visit) const;
    void clear();
    [[nodiscard]] bool empty() const { return postings_.empty(); }

  private:
    static constexpr std::uint32_t kFirstTerms = 1'023;
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    // A term that an event has.
    struct Posting {
        std::uint32_t term = 0;   // its number
        std::uint32_t place = 0;  // of the event
    };
    // A term's text and how often it was seen.
    struct Term {
        std::string_view text;
        std::uint32_t places = 0;
        std::uint32_t last_place = kNone;
    };

    std::uint32_t number_of(std::string_view text);

    std::pmr::monotonic_buffer_resource texts_;
    base::HashIndex numbers_{kFirstTerms};  // of each term: its place in terms_
    std::vector<Term> terms_;
    std::vector<Posting> postings_;  // in the order of the events
};

}  // namespace telltale::exporters::outbox
