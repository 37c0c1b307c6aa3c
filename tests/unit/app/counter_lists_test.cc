// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "sensor/app/service/live_counters.h"
#include "sensor/app/setup/health.h"

namespace telltale::app {
namespace {

// Numbers every 64-bit word of a struct that is nothing but counters, from `next` on.
template <typename S>
void number(S& counters, std::uint64_t& next) {
    static_assert(std::is_trivially_copyable_v<S> && sizeof(S) % sizeof(std::uint64_t) == 0);
    std::array<std::uint64_t, sizeof(S) / sizeof(std::uint64_t)> words;
    for (std::uint64_t& word : words) word = next++;
    std::memcpy(static_cast<void*>(&counters), words.data(), sizeof counters);
}

// Figures in which no two counters have the same value: 1'000'000 is the first.
struct Numbered {
    static constexpr std::uint64_t kFirst = 1'000'000;

    Numbered() {
        number(figures.live.total, end);
        number(figures.events, end);
        figures.taps = {"up"};
        number(figures.live.taps[model::TapIndex()], end);
        figures.live.workers.resize(1);
        number(static_cast<pipeline::LoadCounters&>(figures.live.workers[0]), end);
        number(figures.live.workers[0].counters, end);
        figures.accounts.resize(1);
        pipeline::PortAccount& account = figures.accounts[0];
        account.port.tap = "up";
        account.port.has_interface = true;
        number(static_cast<capture::PortCounters&>(account.port), end);
        number(account.port.kernel, end);
        number(account.counts, end);
        figures.correlated.for_each_part([this](auto& part) { number(part, end); });
    }

    SensorFigures figures;
    std::uint64_t end = kFirst;
};

TEST(CounterLists, EveryCounterIsInHealthUnderItsOwnName) {
    const Numbered numbered;
    const SensorFigures& figures = numbered.figures;
    model::Event event = health_event(figures.live.total, figures.correlated, {});
    visit_live_counters(figures, [&](const CounterOrigin& origin, const base::CounterValue& value) {
        add_figure(origin, value, event.health.edit());
    });
    std::set<std::string> names;
    std::map<std::uint64_t, std::size_t> seen;
    for (const auto& [name, value] : event.health->figures) {
        EXPECT_TRUE(names.insert(name).second) << name << " twice";
        ++seen[value];
    }
    for (std::uint64_t value = Numbered::kFirst; value < numbered.end; ++value) {
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
    for (std::uint64_t value = Numbered::kFirst; value < numbered.end; ++value) {
        EXPECT_EQ(seen[value], by_worker.count(value) == 0 ? 1U : 0U) << "counter " << value - Numbered::kFirst;
    }
}

}  // namespace
}  // namespace telltale::app
