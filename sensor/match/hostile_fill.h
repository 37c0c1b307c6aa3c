// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

struct hs_database;
struct hs_scratch;

namespace telltale::match {

// Finds regex patterns that a sender can make slow. Some patterns run 10 to 1,000 times slower in this Hyperscan on a
// text that repeats one byte (`\*{5}[a-z]` against stars). Each pattern is scanned against texts of kFillBytes made of
// the bytes that are known to do so and of the pattern's own literal bytes. The bound is relative to a pattern that
// walks an automaton over every byte, measured in the same process, so that it holds on any machine and build.
class HostileFillTest {
  public:
    static constexpr std::size_t kFillBytes = 4096;
    static constexpr double kBound = 2.5;  // times the baseline: ordinary patterns stay under 1, hostile ones reach 4

    // Null when the library refuses the baseline, which is a lack of memory.
    static std::optional<HostileFillTest> create();

    // What makes the pattern slow, for a message, or nothing. `database` holds this pattern alone.
    std::optional<std::string> find(const hs_database* database, hs_scratch* scratch, std::string_view regex) const;

    double baseline_ns() const { return baseline_ns_; }

  private:
    explicit HostileFillTest(double baseline_ns) : baseline_ns_(baseline_ns) {}

    double baseline_ns_;
};

}  // namespace telltale::match
