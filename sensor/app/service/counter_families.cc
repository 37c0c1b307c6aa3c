// SPDX-License-Identifier: Apache-2.0
// Metrics of everything that is counted in lists: one visit of them.
#include <algorithm>
#include <iterator>
#include <map>

#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/live_counters.h"

namespace telltale::app {
namespace {

using base::CounterKind;
using base::CounterValue;
using prometheus_http::Family;
using prometheus_http::Labels;
using prometheus_http::MetricType;

// The metric of a counter, PART.NAME, where it is not telltale_PART_NAME. Several counters may be one metric with a
// label each. Without a metric: the same is shown by worker.
struct MetricName {
    std::string_view counter;
    std::string_view metric{};
    std::string_view label{};
    std::string_view word{};
    std::string_view help{};
};
constexpr std::string_view kClosedHelp = "Flows closed, by reason";
constexpr std::string_view kSidesHelp = "TCP flows that ended, by whether packets of both sides were seen";
constexpr MetricName kMetricNames[] = {
    {"frames"},
    {"batches"},
    {"notes_lost"},
    {"ring_full"},
    {"track.flows_active"},
    {"track.flows_closed_idle", "flows_closed", "reason", "idle", kClosedHelp},
    {"track.flows_closed_over", "flows_closed", "reason", "over", kClosedHelp},
    {"track.flows_closed_reopened", "flows_closed", "reason", "reopened", kClosedHelp},
    {"track.flows_closed_end", "flows_closed", "reason", "end", kClosedHelp},
    {"track.flows_closed_evicted", "flow_evictions", "reason", "table_full"},
    {"track.packets", "flow_packets"},
    {"track.bytes", "flow_bytes"},
    {"track.untracked_packets", "untracked_packets"},
    {"track.untracked_bytes", "untracked_bytes"},
    {"extract.unknown_streams", "streams_unknown"},
    {"correlate.bytes", "ledger_bytes"},
    {"port.received", "port_packets"},
    {"port.received_bytes", "port_bytes"},
    {"port.cut_frames", "port_cut_packets"},
    {"port.analysed", "packets_analysed"},
    {"port.duplicates", "packets_duplicate"},
    {"port.dropped", "packets_dropped"},
    {"tap.both_sides", "tap_flows", "sides", "both", kSidesHelp},
    {"tap.one_side", "tap_flows", "sides", "one", kSidesHelp},
    {"worker.frames", "worker_packets"},
    {"worker.ring_full", "ring_full"},
    {"worker.flows_active", "flows_active"},
    {"worker.flows_limit", "flows_limit"},
    {"worker.records_published", "records_published"},
    {"worker.records_consumed", "records_consumed"},
    {"worker.records_dropped", "records_dropped"},
    {"worker.records_waiting", "records_waiting"},
    {"worker.ring_used_bytes", "ring_used_bytes"},
    {"worker.ring_limit_bytes", "ring_limit_bytes"},
};

// A counter as Prometheus shows it.
struct Metric {
    std::string name;  // empty: not shown
    std::string_view help;
    Labels labels;
};

Metric metric_of_name(const CounterOrigin& origin, const CounterValue& value) {
    std::string counter(origin.part);
    if (!counter.empty()) counter += '.';
    counter += value.name;
    Metric metric;
    metric.help = value.help;
    if (!origin.label.empty()) metric.labels.emplace_back(origin.label, origin.which);
    if (!value.label.empty()) metric.labels.emplace_back(value.label, value.word);
    const auto* const named = std::find_if(std::begin(kMetricNames), std::end(kMetricNames),
                                           [&](const MetricName& name) { return name.counter == counter; });
    if (named != std::end(kMetricNames)) {
        metric.name = named->metric;
        if (!named->help.empty()) metric.help = named->help;
        if (!named->label.empty()) metric.labels.emplace_back(named->label, named->word);
    } else {
        std::replace(counter.begin(), counter.end(), '.', '_');
        metric.name = std::move(counter);
    }
    return metric;
}

Metric metric_of(const CounterOrigin& origin, const CounterValue& value) {
    if (origin.label == "protocol") {
        const std::string_view outcome = value.word.empty() ? value.name : value.word;
        return {"messages",
                "Messages of devices, by protocol and outcome",
                {{"protocol", origin.which}, {"outcome", std::string(outcome)}}};
    }
    if (origin.part == "decode" && value.label == "outcome") {
        const bool malformed = value.word.starts_with("malformed");
        if (malformed) {
            return {"packets_malformed",
                    "Malformed frames among the analysed ones, by reason",
                    {{"reason", std::string(value.word)}}};
        }
        return {"packets_decoded", "Sound frames, by what they carry", {{"outcome", std::string(value.word)}}};
    }
    return metric_of_name(origin, value);
}

// Puts the counters of all lists into families, each family where its first counter comes.
class CounterFamilies {
  public:
    explicit CounterFamilies(std::vector<Family>& families) : families_(families) {}

    void operator()(const CounterOrigin& origin, const CounterValue& value) {
        Metric metric = metric_of(origin, value);
        if (metric.name.empty()) return;
        double number = static_cast<double>(value.value);
        constexpr std::string_view kNanoseconds = "_ns";
        if (metric.name.ends_with(kNanoseconds)) {  // Prometheus has base units
            metric.name.replace(metric.name.size() - kNanoseconds.size(), std::string::npos, "_seconds");
            number /= 1e9;
        }
        const auto [at, added] = places_.try_emplace(metric.name, families_.size());
        if (added) {
            FamilyBuilder builder(families_);
            const std::string help = std::string(metric.help) + ".";
            value.kind == CounterKind::gauge ? builder.gauge(metric.name, help) : builder.counter(metric.name, help);
        }
        families_[at->second].samples.push_back({std::move(metric.labels), number});
    }

  private:
    std::vector<Family>& families_;
    std::map<std::string, std::size_t> places_;
};

}  // namespace

void add_counter_families(const SensorFigures& figures, std::vector<Family>& families) {
    CounterFamilies add(families);
    visit_live_counters(figures, add);
    visit_counters(figures.live.total, figures.correlated, add);
}

}  // namespace telltale::app
