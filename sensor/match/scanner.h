// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sensor/base/result.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/match/scan_memo.h"
#include "signatures/bundle.h"

struct hs_scratch;

namespace telltale::match {

// Counters of a scanner. Written only by its thread.
struct ScanCounters {
    std::uint64_t scans = 0;
    std::uint64_t repeats = 0;         // of these: texts that were remembered, not scanned again
    std::uint64_t bytes = 0;           // that were scanned
    std::uint64_t hits = 0;            // signatures that matched, also those that found no room in `out`
    std::uint64_t capped = 0;          // scans that ended early at kMaxHits
    std::uint64_t cut = 0;             // texts of which only the first kMaxTextBytes were scanned
    std::uint64_t not_host_names = 0;  // host texts that were not scanned: see normalise_host_name
    std::uint64_t errors = 0;          // scans that the library refused: a bug, never the text
};

// Scans texts for compiled signatures. One per thread: it owns the library's scratch memory, sized at construction;
// scanning allocates nothing. Keeps its signatures alive.
class Scanner {
  public:
    static constexpr std::size_t kMaxTextBytes = 4096;
    static constexpr std::size_t kMaxHits = 256;

    static base::Result<Scanner> create(std::shared_ptr<const CompiledSignatures> signatures);

    ~Scanner();
    Scanner(Scanner&&) noexcept;
    Scanner& operator=(Scanner&&) = delete;

    // Writes the signatures that match `text` to `out`, the most specific first, at most out.size(); returns how many.
    // Host names are normalised first: see normalise_host_name. An empty text matches nothing. `$` matches at the cut
    // of a text that was cut.
    std::size_t scan(signatures::PatternSet set, std::string_view text, std::span<signatures::SignatureId> out);

    const CompiledSignatures& signatures() const { return *signatures_; }
    const ScanCounters& counters() const { return counters_; }

  private:
    explicit Scanner(std::shared_ptr<const CompiledSignatures> signatures);

    std::span<const unsigned> find_ranks(std::size_t set, std::string_view text);

    // The scratch is freed before the databases that it was allocated for.
    std::shared_ptr<const CompiledSignatures> signatures_;
    hs_scratch* scratch_ = nullptr;
    ScanCounters counters_;
    std::array<unsigned, kMaxHits> ranks_{};
    std::unique_ptr<char[]> place_;  // for a text and kReadBehind
    ScanMemo memo_;
};

}  // namespace telltale::match
