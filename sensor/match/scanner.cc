// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/scanner.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "sensor/match/host_name.h"
#include "sensor/match/hyperscan_handles.h"

namespace telltale::match {
namespace {

struct Hits {
    std::span<unsigned> ranks;
    std::size_t count = 0;
};

int keep_rank(unsigned rank, unsigned long long, unsigned long long, unsigned, void* context) {
    auto& hits = *static_cast<Hits*>(context);
    if (hits.count == hits.ranks.size()) return 1;
    hits.ranks[hits.count++] = rank;
    return 0;
}

}  // namespace

base::Result<Scanner> Scanner::create(std::shared_ptr<const CompiledSignatures> signatures) {
    Scanner scanner(std::move(signatures));
    for (const hs_database* database : scanner.signatures_->databases_) {
        if (database != nullptr && hs_alloc_scratch(database, &scanner.scratch_) != HS_SUCCESS) {
            return base::Error{"Hyperscan has no memory for the scratch of a scanner"};
        }
    }
    return scanner;
}

Scanner::Scanner(std::shared_ptr<const CompiledSignatures> signatures)
    : signatures_(std::move(signatures)), place_(std::make_unique<char[]>(kMaxTextBytes + kReadBehind)) {}

Scanner::Scanner(Scanner&& other) noexcept
    : signatures_(std::move(other.signatures_)),
      scratch_(std::exchange(other.scratch_, nullptr)),
      counters_(other.counters_),
      place_(std::move(other.place_)),
      memo_(std::move(other.memo_)) {}

Scanner::~Scanner() { hs_free_scratch(scratch_); }

std::size_t Scanner::scan(signatures::PatternSet set, std::string_view text, std::span<signatures::SignatureId> out) {
    ++counters_.scans;
    const auto index = static_cast<std::size_t>(set);
    if (text.empty() || signatures_->databases_[index] == nullptr) return 0;
    // Keyed by the original text, so that it need not be normalised again.
    const std::string_view asked = text;
    ScanMemo::Entry* const memo = text.size() <= ScanMemo::kMaxTextBytes ? &memo_.place_of(text) : nullptr;
    if (memo != nullptr && memo->holds(set, text)) {
        ++counters_.repeats;
        counters_.hits += memo->count;
        const auto known = memo->matches().first(std::min<std::size_t>(memo->count, out.size()));
        std::copy(known.begin(), known.end(), out.begin());
        return known.size();
    }
    std::array<char, kMaxHostNameBytes> buffer;
    if (set == signatures::PatternSet::host_name) {
        text = normalise_host_name(text, buffer);
        if (text.empty()) {
            ++counters_.not_host_names;
            return 0;
        }
    } else if (text.size() > kMaxTextBytes) {
        text = text.substr(0, kMaxTextBytes);
        ++counters_.cut;
    }
    const auto errors_before = counters_.errors;
    const auto ranks = find_ranks(index, text);
    const bool answered = counters_.errors == errors_before;
    if (memo != nullptr && answered && ranks.size() <= ScanMemo::kMaxSignatures) {
        std::array<signatures::SignatureId, ScanMemo::kMaxSignatures> all;
        for (std::size_t i = 0; i < ranks.size(); ++i) all[i] = signatures_->by_rank_[index][ranks[i]];
        memo->remember(set, asked, std::span(all).first(ranks.size()));
    }
    const auto count = std::min(ranks.size(), out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = signatures_->by_rank_[index][ranks[i]];
    return count;
}

std::span<const unsigned> Scanner::find_ranks(std::size_t set, std::string_view text) {
    Hits hits{ranks_};
    // A record's text may be followed by unmapped memory.
    std::memcpy(place_.get(), text.data(), text.size());
    const auto status = hs_scan(signatures_->databases_[set], place_.get(), static_cast<unsigned>(text.size()), 0,
                                scratch_, keep_rank, &hits);
    counters_.bytes += text.size();
    if (status == HS_SCAN_TERMINATED) {
        ++counters_.capped;
    } else if (status != HS_SUCCESS) {
        ++counters_.errors;
    }
    counters_.hits += hits.count;
    const auto ranks = hits.ranks.first(hits.count);
    if (hits.count > 1) std::sort(ranks.begin(), ranks.end());
    return ranks;
}

}  // namespace telltale::match
