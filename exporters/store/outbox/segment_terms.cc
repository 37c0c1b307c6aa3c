// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/segment_terms.h"

#include <cstring>

#include "sensor/base/keyed_hash.h"

namespace telltale::exporters::outbox {

std::uint32_t SegmentTerms::number_of(std::string_view text) {
    const std::uint32_t tag = base::HashIndex::tag(base::TextHash{}(text));
    const std::uint32_t known = numbers_.find(tag, [&](std::uint32_t number) { return terms_[number].text == text; });
    if (known != base::kNoIndex) return known;
    char* copy = static_cast<char*>(texts_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    const auto number = static_cast<std::uint32_t>(terms_.size());
    terms_.push_back(Term{{copy, text.size()}});
    if (numbers_.full()) numbers_.grow();
    numbers_.insert(tag, number);
    return number;
}

void SegmentTerms::add(std::string_view term, std::uint32_t place) {
    const std::uint32_t number = number_of(term);
    Term& found = terms_[number];
    if (found.last_place == place) return;
    found.last_place = place;
    ++found.places;
    postings_.push_back({number, place});
}

void SegmentTerms::each(const std::function<void(std::string_view, std::span<const std::uint32_t>)>& visit) const {
    // A counting sort by term: it keeps the order of the places.
    std::vector<std::uint32_t> ends(terms_.size());
    std::uint32_t end = 0;
    for (std::size_t number = 0; number < terms_.size(); ++number) {
        ends[number] = end;
        end += terms_[number].places;
    }
    std::vector<std::uint32_t> places(postings_.size());
    for (const Posting& posting : postings_) places[ends[posting.term]++] = posting.place;
    for (std::size_t number = 0; number < terms_.size(); ++number) {
        const Term& term = terms_[number];
        visit(term.text, std::span(places).subspan(ends[number] - term.places, term.places));
    }
}

void SegmentTerms::clear() {
    terms_.clear();
    postings_.clear();
    numbers_ = base::HashIndex(kFirstTerms);
    texts_.release();
}

}  // namespace telltale::exporters::outbox
