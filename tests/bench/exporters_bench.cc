// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>

#include "exporters/ecs/json_format.h"
#include "exporters/store/inline_export.h"
#include "exporters/store/memory_store.h"
#include "tests/unit/exporters/sample_events.h"

namespace telltale {
namespace {

void format_event(benchmark::State& state, const model::Event& event) {
    ecs::JsonFormat format(samples::observer());
    std::string line;
    std::size_t bytes = 0;
    for (auto _ : state) {
        line.clear();
        format.render(event, event.sequence, line);
        benchmark::DoNotOptimize(line.data());
        bytes += line.size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK_CAPTURE(format_event, device, samples::device_event());
BENCHMARK_CAPTURE(format_event, transfer, samples::transfer_event());
BENCHMARK_CAPTURE(format_event, alert, samples::alert_event());

class NullSink final : public exporters::EventSink {
  public:
    base::Status consume(std::span<const exporters::StoredEvent>) override { return base::Done{}; }
};

void store_and_drain(benchmark::State& state) {
    exporters::MemoryStore store;
    exporters::InlineExport inline_export(store);
    NullSink sink;
    inline_export.add_sink("null", sink);
    const model::Event event = samples::transfer_event();
    for (auto _ : state) {
        model::Event copy = event;
        inline_export.append(std::move(copy));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(store_and_drain);

}  // namespace
}  // namespace telltale
