// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/kafka_figures.h"

#include <algorithm>
#include <numeric>

namespace telltale::kafka {

void DelayHistogram::add(double seconds) {
    const auto* bound = std::lower_bound(kUpperBounds.begin(), kUpperBounds.end(), seconds);
    ++counts[static_cast<std::size_t>(bound - kUpperBounds.begin())];
    sum_seconds += seconds;
}

std::uint64_t DelayHistogram::total() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

}  // namespace telltale::kafka
