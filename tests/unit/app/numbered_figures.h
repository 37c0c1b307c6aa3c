// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "sensor/app/service/live_counters.h"
#include "sensor/app/setup/health.h"

namespace telltale::app {

// Numbers every 64-bit word of a struct that is nothing but counters, from `next` on.
template <typename S>
void number(S& counters, std::uint64_t& next) {
    static_assert(std::is_trivially_copyable_v<S> && sizeof(S) % sizeof(std::uint64_t) == 0);
    std::array<std::uint64_t, sizeof(S) / sizeof(std::uint64_t)> words;
    for (std::uint64_t& word : words) word = next++;
    std::memcpy(static_cast<void*>(&counters), words.data(), sizeof counters);
}

// Figures in which no two counters have the same value: 1'000'000 is the first. One port, tap and worker.
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

    // The counters' values.
    [[nodiscard]] std::vector<std::uint64_t> values() const {
        std::vector<std::uint64_t> all;
        for (std::uint64_t value = kFirst; value < end; ++value) all.push_back(value);
        return all;
    }

    // The health event of these figures.
    [[nodiscard]] model::Event health() const {
        model::Event event = health_event(figures.live.total, figures.correlated, {});
        visit_live_counters(figures, [&](const CounterOrigin& origin, const base::CounterValue& value) {
            add_figure(origin, value, event.health.edit());
        });
        return event;
    }

    SensorFigures figures;
    std::uint64_t end = kFirst;
};

}  // namespace telltale::app
