// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/base/result.h"

namespace telltale::prometheus_http {

enum class MetricType : std::uint8_t { counter, gauge, histogram };

// Names [a-zA-Z_][a-zA-Z0-9_]*; values any UTF-8, but only from bounded sets.
using Labels = std::vector<std::pair<std::string, std::string>>;

struct Sample {
    Labels labels;
    double value = 0;
};

struct HistogramSample {
    Labels labels;
    std::vector<double> upper_bounds;   // ascending, without +Inf
    std::vector<std::uint64_t> counts;  // by bucket, not cumulative; one more than bounds, the last is +Inf
    double sum = 0;
};

// All samples of one metric. Created anew for every scrape from published figures; nothing of it is on a hot path.
struct Family {
    std::string name;  // telltale_..., base units, only counters end with _total
    std::string help;  // one sentence
    MetricType type = MetricType::gauge;
    std::vector<Sample> samples;              // of counters and gauges
    std::vector<HistogramSample> histograms;  // of histograms
};

// Checks validity and conventions: names, _total, no repeated names or labels, counts of histograms. For tests; scrapes
// do not call it.
base::Status check(std::span<const Family> families);

// Returns text exposition format 0.0.4, by prometheus-cpp. Families without samples are left out.
std::string to_text(std::span<const Family> families);
inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace telltale::prometheus_http
