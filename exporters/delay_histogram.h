// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace telltale::exporters {

// From the receipt of an event's packet (Envelope::delayed_since_ns) to its acknowledgement by a destination, in
// seconds. Bucket i counts delays up to kUpperBounds[i] and above the bound before; the last one what is longer. A
// value.
struct DelayHistogram {
    static constexpr std::array<double, 13> kUpperBounds = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                                            2.5,  5,     10,   60,  300,  3600};
    std::array<std::uint64_t, kUpperBounds.size() + 1> counts{};
    double sum_seconds = 0;

    // Both are wall clock; an event from the future has no delay.
    void add(std::int64_t since_ns, std::int64_t now_ns) {
        const double seconds = static_cast<double>(std::max<std::int64_t>(0, now_ns - since_ns)) / 1e9;
        const auto* const bound = std::lower_bound(kUpperBounds.begin(), kUpperBounds.end(), seconds);
        ++counts[static_cast<std::size_t>(bound - kUpperBounds.begin())];
        sum_seconds += seconds;
    }
    [[nodiscard]] std::uint64_t total() const {
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    }
};

}  // namespace telltale::exporters
