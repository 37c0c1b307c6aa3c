// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/result.h"
#include "signatures/bundle.h"

struct hs_database;  // opaque: only the sources of this folder see the library

namespace telltale::match {

// Told between the steps of a compilation, on the thread that compiles. The step that `what` names begins.
using Progress = std::function<void(std::size_t done, std::size_t total, std::string_view what)>;

struct CompileOptions {
    std::filesystem::path cache_dir;  // empty: no cache. Made with mode 0700 when it is not there; its parent must be.
    bool hostile_fill_test = true;    // refuse regex patterns that a crafted text makes slow; left out on a cache hit
    Progress progress;                // may be empty
};

// How the cache on disk took part.
enum class CacheOutcome : std::uint8_t {
    off,      // no folder was given
    hit,      // loaded, nothing was compiled
    missing,  // compiled: there was no file
    stale,    // compiled: the file is of another bundle, Hyperscan version, processor or format
    damaged,  // compiled: the file's length, digest or content is wrong
    foreign,  // compiled: the file is not ours: not a file of this kind, or others own it or may write to it
};

std::string_view to_string(CacheOutcome outcome);

// What a compilation did, for the log and the health event.
struct CompileReport {
    CacheOutcome cache = CacheOutcome::off;
    std::string note;  // empty, or why the cache was not used or not written: a degraded start is told, not hidden
    std::array<std::size_t, signatures::kPatternSetCount> patterns{};
    std::array<std::size_t, signatures::kPatternSetCount> database_bytes{};
    double total_ms = 0;
    double load_ms = 0;
    double hostile_fill_ms = 0;
    double compile_ms = 0;
};

// One block-mode Hyperscan database for each pattern set of a bundle. Immutable; shared by all threads; a Scanner holds
// a reference, so that the databases go when the last worker has left. Made off the packet path: 20,000 host names take
// some 15 s.
//
// Pattern forms (bytes, never UTF-8; `.` matches every byte):
//   suffix  host names only: `(^|\.)name\z`, in lower case
//   exact   `^text\z`; host names in lower case
//   regex   as it stands in the bundle, unanchored unless it anchors itself
class CompiledSignatures {
  public:
    ~CompiledSignatures();
    CompiledSignatures(const CompiledSignatures&) = delete;
    CompiledSignatures& operator=(const CompiledSignatures&) = delete;

    const signatures::Bundle& bundle() const { return *bundle_; }
    const CompileReport& report() const { return report_; }

  private:
    friend class Scanner;
    friend class Compilation;
    CompiledSignatures() = default;

    std::shared_ptr<const signatures::Bundle> bundle_;
    CompileReport report_;
    std::array<hs_database*, signatures::kPatternSetCount> databases_{};  // null where a set has no pattern
    // By rank, the number that Hyperscan reports: the most specific signature of a set has rank 0.
    std::array<std::vector<signatures::SignatureId>, signatures::kPatternSetCount> by_rank_;
};

// Compiles a bundle, or loads what an earlier run compiled. An error names the signature, its file and its line. The
// cache never fails a compilation: what is wrong with it stands in the report.
base::Result<std::shared_ptr<const CompiledSignatures>> compile(std::shared_ptr<const signatures::Bundle> bundle,
                                                                const CompileOptions& options);

}  // namespace telltale::match
