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

#include "sensor/base/enumeration.h"
#include "sensor/base/result.h"
#include "signatures/bundle.h"

struct hs_database;  // opaque: only the sources of this folder see the library

namespace telltale::match {

// Called before each step of a compilation, on the compiling thread; `what` names the step.
using CompileStep = std::function<void(std::size_t done, std::size_t total, std::string_view what)>;

// How a bundle is compiled. A value.
struct CompileOptions {
    std::filesystem::path cache_dir;  // empty: no cache. Created with mode 0700 if missing; its parent must exist.
    bool hostile_fill_test = true;    // rejects regex patterns that a crafted text makes slow; skipped on a cache hit
    CompileStep before_step;          // may be empty
};

// How the cache on disk was used.
#define TELLTALE_CACHE_OUTCOMES(X)                                                                             \
    X(off, "off")         /* no folder configured */                                                           \
    X(hit, "hit")         /* loaded, nothing compiled */                                                       \
    X(missing, "missing") /* compiled: no file */                                                              \
    X(stale, "stale")     /* compiled: the file is for another bundle, Hyperscan version, processor, format */ \
    X(damaged, "damaged") /* compiled: the file's length, digest or content is wrong */                        \
    X(foreign, "foreign") /* compiled: the file is not trusted: of another kind, or writable by others */

TELLTALE_ENUMERATION(CacheOutcome, std::uint8_t, TELLTALE_CACHE_OUTCOMES)

// Result of a compilation, for the log and the health event.
struct CompileReport {
    CacheOutcome cache = CacheOutcome::off;
    std::string note;  // empty, or why the cache was not used or not written
    std::array<std::size_t, base::kCount<signatures::PatternSet>> patterns{};
    std::array<std::size_t, base::kCount<signatures::PatternSet>> database_bytes{};
    double total_ms = 0;
    double load_ms = 0;
    double hostile_fill_ms = 0;
    double compile_ms = 0;
};

// One block-mode Hyperscan database per pattern set of a bundle. Immutable; shared by all threads; a Scanner holds a
// reference, so that the databases are freed with the last worker. Compiled off the packet path: 20,000 host names take
// about 15 s.
//
// Pattern forms (bytes, never UTF-8; `.` matches every byte):
//   suffix  host names only: `(^|\.)name\z`, in lower case
//   exact   `^text\z`; host names in lower case
//   regex   as in the bundle, unanchored unless it anchors itself
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
    std::array<hs_database*, base::kCount<signatures::PatternSet>> databases_{};  // null if a set has no pattern
    // By rank, the number that Hyperscan reports: the most specific signature of a set has rank 0.
    std::array<std::vector<signatures::SignatureId>, base::kCount<signatures::PatternSet>> by_rank_;
};

// Compiles a bundle, or loads the databases of an earlier run. An error names the signature, its file and its line. The
// cache never fails a compilation: the report contains its problems.
base::Result<std::shared_ptr<const CompiledSignatures>> compile(std::shared_ptr<const signatures::Bundle> bundle,
                                                                const CompileOptions& options);

}  // namespace telltale::match
