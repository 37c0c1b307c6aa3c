// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/support/bytes.h"

namespace telltale::support {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). The same seed gives the same
// numbers with every compiler and library, unlike the distributions of <random>. Not for secrets.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();
    // Returns 0 to limit - 1; 0 if limit is 0.
    std::uint64_t below(std::uint64_t limit);
    // Both ends included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    bool chance(std::uint32_t per_thousand) { return below(1000) < per_thousand; }
    // value, moved by up to +-percent.
    std::uint64_t around(std::uint64_t value, std::uint32_t percent);
    Bytes bytes(std::size_t count);
    // Returns a generator for a part whose numbers do not depend on what the rest draws.
    Random fork(std::string_view name) const;

  private:
    std::uint64_t state_;
};

}  // namespace telltale::support
