// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sensor/match/hyperscan_handles.h"

namespace telltale::match {

// Finds regex patterns that a sender can make slow. Some patterns are 10 to 1,000 times slower in this Hyperscan on a
// text that repeats one byte (`\*{5}[a-z]` against stars). Each pattern is scanned against texts of kFillBytes made of
// the bytes that are known to do so and of the pattern's own literal bytes. The bounds are relative to a pattern that
// walks an automaton over every byte, measured in the same process, so that they hold on any machine and build.
class HostileFillTest {
  public:
    static constexpr std::size_t kFillBytes = 4096;
    // Times the baseline. One byte repeated: ordinary patterns stay under 1, hostile ones reach 4 to 15. The pattern's
    // own text repeated: every place is a candidate, which costs an ordinary pattern with a short text up to 8.
    static constexpr double kByteBound = 2;
    static constexpr double kOwnTextBound = 20;

    // Returns nothing if the library rejects the baseline because memory is short.
    static std::optional<HostileFillTest> create();

    // Returns what makes the pattern slow, for a message, or nothing. `database` contains only this pattern.
    std::optional<std::string> find(const hs_database_t* database, hs_scratch_t* scratch, std::string_view regex) const;

  private:
    HostileFillTest(DatabaseHandle database, ScratchHandle scratch);

    double measure_baseline_ns() const;

    DatabaseHandle baseline_database_;
    ScratchHandle baseline_scratch_;
    double baseline_ns_;
};

}  // namespace telltale::match
