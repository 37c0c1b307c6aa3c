// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/unit/app/numbered_figures.h"

namespace telltale::app {
namespace {

TEST(CounterLists, EveryCounterIsInHealthUnderItsOwnName) {
    const Numbered numbered;
    const model::Event event = numbered.health();
    std::set<std::string> names;
    std::map<std::uint64_t, std::size_t> seen;
    for (const auto& [name, value] : event.health->figures) {
        EXPECT_TRUE(names.insert(name).second) << name << " twice";
        ++seen[value];
    }
    for (const std::uint64_t value : numbered.values()) {
        EXPECT_EQ(seen[value], 1U) << "counter " << value - Numbered::kFirst;
    }
}

// Counters of the workers together are shown worker by worker.
TEST(CounterLists, EveryCounterIsInOneMetric) {
    const Numbered numbered;
    SensorFigures figures = numbered.figures;
    const std::set<std::uint64_t> by_worker = {
        figures.live.total.worker.frames, figures.live.total.worker.batches, figures.live.total.worker.notes_lost,
        figures.live.total.worker.ring_full, figures.live.total.track.flows_active};
    std::map<std::uint64_t, std::size_t> seen;
    for (const prometheus_http::Family& family : metric_families(figures)) {
        const double scale = family.name.find("_seconds") != std::string::npos ? 1e9 : 1;
        for (const prometheus_http::Sample& sample : family.samples) {
            ++seen[static_cast<std::uint64_t>(sample.value * scale + 0.5)];
        }
    }
    for (const std::uint64_t value : numbered.values()) {
        EXPECT_EQ(seen[value], by_worker.count(value) == 0 ? 1U : 0U) << "counter " << value - Numbered::kFirst;
    }
}

}  // namespace
}  // namespace telltale::app
