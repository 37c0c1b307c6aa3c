// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/metric_family.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "exporters/prometheus/family_collectable.h"

namespace telltale::prometheus_http {
namespace {

bool is_name(std::string_view name) {
    const auto fits = [](char letter) {
        return letter == '_' || std::isalnum(static_cast<unsigned char>(letter)) != 0;
    };
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
           std::all_of(name.begin(), name.end(), fits);
}

base::Status fail(const Family& family, const std::string& why) {
    return base::Error{"metric " + family.name + ": " + why};
}

base::Status check_labels(const Family& family, const Labels& labels, std::set<Labels>& seen) {
    std::set<std::string> names;
    for (const auto& [name, value] : labels) {
        if (!is_name(name) || name.starts_with("__") || name == "le") {
            return fail(family, "\"" + name + "\" cannot name a label");
        }
        if (!names.insert(name).second) return fail(family, "label " + name + " is given twice");
    }
    Labels sorted = labels;
    std::sort(sorted.begin(), sorted.end());
    if (!seen.insert(std::move(sorted)).second) return fail(family, "two samples have the same labels");
    return base::Done{};
}

base::Status check_histogram(const Family& family, const HistogramSample& sample) {
    if (sample.counts.size() != sample.upper_bounds.size() + 1) {
        return fail(family, "a histogram needs one count a bound and one more");
    }
    const auto not_ascending = [](double one, double next) { return !(one < next); };
    if (std::adjacent_find(sample.upper_bounds.begin(), sample.upper_bounds.end(), not_ascending) !=
        sample.upper_bounds.end()) {
        return fail(family, "the bounds of a histogram must ascend");
    }
    return base::Done{};
}

base::Status check_family(const Family& family) {
    if (!is_name(family.name) || !family.name.starts_with("telltale_")) {
        return fail(family, "the name must be telltale_ and letters, digits and '_'");
    }
    if (family.help.empty()) return fail(family, "there is no help");
    const bool counter = family.type == MetricType::counter;
    if (family.name.ends_with("_total") != counter) return fail(family, "counters, and they alone, end in _total");
    if (family.type == MetricType::histogram ? !family.samples.empty() : !family.histograms.empty()) {
        return fail(family, "its samples are of another type");
    }
    std::set<Labels> seen;
    for (const Sample& sample : family.samples) {
        if (base::Status status = check_labels(family, sample.labels, seen); !status) return status;
        if (counter && !(sample.value >= 0)) return fail(family, "a counter cannot be negative");
    }
    for (const HistogramSample& sample : family.histograms) {
        if (base::Status status = check_labels(family, sample.labels, seen); !status) return status;
        if (base::Status status = check_histogram(family, sample); !status) return status;
    }
    return base::Done{};
}

prometheus::ClientMetric with_labels(const Labels& labels) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({name, value});
    return metric;
}

prometheus::ClientMetric convert(const HistogramSample& sample) {
    prometheus::ClientMetric metric = with_labels(sample.labels);
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < sample.counts.size(); ++i) {
        cumulative += sample.counts[i];
        const double bound =
            i < sample.upper_bounds.size() ? sample.upper_bounds[i] : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({cumulative, bound});
    }
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum = sample.sum;
    return metric;
}

prometheus::MetricFamily convert(const Family& family) {
    prometheus::MetricFamily converted;
    converted.name = family.name;
    converted.help = family.help;
    converted.type = family.type == MetricType::counter ? prometheus::MetricType::Counter
                     : family.type == MetricType::gauge ? prometheus::MetricType::Gauge
                                                        : prometheus::MetricType::Histogram;
    for (const Sample& sample : family.samples) {
        prometheus::ClientMetric metric = with_labels(sample.labels);
        (family.type == MetricType::counter ? metric.counter.value : metric.gauge.value) = sample.value;
        converted.metric.push_back(std::move(metric));
    }
    for (const HistogramSample& sample : family.histograms) converted.metric.push_back(convert(sample));
    return converted;
}

}  // namespace

base::Status check(std::span<const Family> families) {
    std::set<std::string> names;
    for (const Family& family : families) {
        if (base::Status status = check_family(family); !status) return status;
        if (!names.insert(family.name).second) return fail(family, "two families have this name");
    }
    return base::Done{};
}

std::vector<prometheus::MetricFamily> FamilyCollectable::Collect() const {
    std::vector<prometheus::MetricFamily> converted;
    if (!collect_) return converted;
    for (const Family& family : collect_()) {
        if (family.samples.empty() && family.histograms.empty()) continue;
        converted.push_back(convert(family));
    }
    return converted;
}

std::string to_text(const prometheus::Collectable& source) {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, source.Collect());
    return std::move(out).str();
}

std::string to_text(std::span<const Family> families) {
    return to_text(FamilyCollectable([families] { return std::vector<Family>(families.begin(), families.end()); }));
}

}  // namespace telltale::prometheus_http
