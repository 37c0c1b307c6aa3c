// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "exporters/prometheus/metric_family.h"

namespace telltale::prometheus_http {
namespace {

std::vector<Family> sample() {
    return {
        {"telltale_build_info", "Versions.", MetricType::gauge, {{{{"version", "0.1.0"}}, 1}}, {}},
        {"telltale_port_packets_total",
         "Packets that a port received.",
         MetricType::counter,
         {{{{"port", "eth1"}}, 9'007'199'254'740'991}, {{{"port", "odd \"name\\\n"}}, 0}},
         {}},
        {"telltale_nothing_total", "Without samples.", MetricType::counter, {}, {}},
        {"telltale_event_delay_seconds",
         "From receipt to acknowledgement.",
         MetricType::histogram,
         {},
         {{{{"topic", "a"}}, {0.1, 1}, {2, 3, 4}, 55.5}}},
    };
}

TEST(PrometheusMetricFamily, IsWrittenAsText) {
    EXPECT_EQ(to_text(sample()),
              "# HELP telltale_build_info Versions.\n"
              "# TYPE telltale_build_info gauge\n"
              "telltale_build_info{version=\"0.1.0\"} 1\n"
              "# HELP telltale_port_packets_total Packets that a port received.\n"
              "# TYPE telltale_port_packets_total counter\n"
              "telltale_port_packets_total{port=\"eth1\"} 9007199254740991\n"
              "telltale_port_packets_total{port=\"odd \\\"name\\\\\\n\"} 0\n"
              "# HELP telltale_event_delay_seconds From receipt to acknowledgement.\n"
              "# TYPE telltale_event_delay_seconds histogram\n"
              "telltale_event_delay_seconds_count{topic=\"a\"} 9\n"
              "telltale_event_delay_seconds_sum{topic=\"a\"} 55.5\n"
              "telltale_event_delay_seconds_bucket{topic=\"a\",le=\"0.1\"} 2\n"
              "telltale_event_delay_seconds_bucket{topic=\"a\",le=\"1\"} 5\n"
              "telltale_event_delay_seconds_bucket{topic=\"a\",le=\"+Inf\"} 9\n");
    EXPECT_EQ(to_text({}), "");
}

TEST(PrometheusMetricFamily, IsHeldToTheHabits) {
    EXPECT_TRUE(check(sample()));
    const auto gauge = [](std::string name) { return Family{std::move(name), "h", MetricType::gauge, {{{}, 1}}, {}}; };
    const auto with = [&](std::vector<Sample> samples, MetricType type = MetricType::gauge) {
        Family family = gauge(type == MetricType::counter ? "telltale_x_total" : "telltale_x");
        family.type = type;
        family.samples = std::move(samples);
        return family;
    };
    const auto histogram = [&](std::vector<double> bounds, std::vector<std::uint64_t> counts) {
        Family family = with({}, MetricType::histogram);
        family.histograms = {{{}, std::move(bounds), std::move(counts), 0}};
        return family;
    };
    const struct {
        const char* description;
        std::vector<Family> families;
        const char* expected;
    } cases[] = {
        {"foreign prefix", {gauge("up")}, "the name must be telltale_"},
        {"a name that cannot be", {gauge("telltale_a-b")}, "the name must be telltale_"},
        {"no help", {{"telltale_x", "", MetricType::gauge, {{{}, 1}}, {}}}, "there is no help"},
        {"a gauge like a counter", {gauge("telltale_x_total")}, "end in _total"},
        {"a counter without _total", {{"telltale_x", "h", MetricType::counter, {{{}, 1}}, {}}}, "end in _total"},
        {"one name twice", {gauge("telltale_x"), gauge("telltale_x")}, "two families have this name"},
        {"a label's name", {with({{{{"a b", "1"}}, 1}})}, "\"a b\" cannot name a label"},
        {"a reserved label", {with({{{{"le", "1"}}, 1}})}, "\"le\" cannot name a label"},
        {"an internal label", {with({{{{"__name", "1"}}, 1}})}, "\"__name\" cannot name a label"},
        {"a label twice", {with({{{{"a", "1"}, {"a", "2"}}, 1}})}, "label a is given twice"},
        {"same labels",
         {with({{{{"a", "1"}, {"b", "2"}}, 1}, {{{"b", "2"}, {"a", "1"}}, 1}})},
         "two samples have the same labels"},
        {"a negative counter", {with({{{}, -1}}, MetricType::counter)}, "cannot be negative"},
        {"a counter that is no number",
         {with({{{}, std::numeric_limits<double>::quiet_NaN()}}, MetricType::counter)},
         "cannot be negative"},
        {"a count is missing", {histogram({1, 2}, {1, 2})}, "one count a bound and one more"},
        {"bounds fall", {histogram({2, 1}, {1, 2, 3})}, "must ascend"},
        {"a histogram's samples", {{"telltale_x", "h", MetricType::histogram, {{{}, 1}}, {}}}, "of another type"},
    };
    for (const auto& [description, families, expected] : cases) {
        const base::Status status = check(families);
        ASSERT_FALSE(status) << description;
        EXPECT_NE(status.error().text.find(expected), std::string::npos) << description << ": " << status.error().text;
    }
}

TEST(PrometheusMetricFamily, PleasesPromtool) {
    if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool (Debian: prometheus) is missing";
    std::string file = (std::filesystem::temp_directory_path() / "metrics-XXXXXX").string();
    ASSERT_GE(mkstemp(file.data()), 0);
    const auto lint = [&](const std::string& text) {
        std::ofstream(file) << text;
        return std::system(("promtool check metrics <" + file + " >&2").c_str());
    };
    EXPECT_EQ(lint(to_text(sample())), 0);
    EXPECT_NE(lint("telltale_x{a=1} nonsense\n"), 0) << "it finds nothing wrong in anything";
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace telltale::prometheus_http
