// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sensor/base/counters.h"
#include "sensor/base/result.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/match/scan_memo.h"
#include "signatures/bundle.h"

struct hs_scratch;

namespace telltale::match {

#define TELLTALE_SCAN_COUNTERS(X)                                                              \
    X(scans, counter, "Texts looked up in the signatures")                                     \
    X(repeats, counter, "Texts whose signatures were remembered from an earlier scan")         \
    X(bytes, counter, "Bytes of the texts that were scanned for signatures")                   \
    X(hits, counter, "Signatures that matched a text, also those without room in its record")  \
    X(capped, counter, "Scans of texts that ended early because too many signatures matched")  \
    X(cut, counter, "Texts of which only the beginning was scanned because they are too long") \
    X(not_host_names, counter, "Texts in a host name's place that cannot be one: not scanned") \
    X(errors, counter, "Scans that Hyperscan refused, whatever the text: a fault of the sensor")

// Counters of one scanner, written by its thread alone.
struct ScanCounters {
    TELLTALE_COUNTERS(ScanCounters, TELLTALE_SCAN_COUNTERS)
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

    // False: no text of the set can match, and scanning one costs nothing but the call.
    [[nodiscard]] bool has_patterns(signatures::PatternSet set) const {
        return signatures_->databases_[static_cast<std::size_t>(set)] != nullptr;
    }

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
