// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>

#include "exporters/ecs/json_format.h"
#include "exporters/store/inline_export.h"
#include "exporters/store/make_store.h"
#include "tests/unit/exporters/sample_events.h"

namespace telltale {
namespace {

void format_event(benchmark::State& state, const model::Event& event) {
    ecs::JsonFormat format(samples::observer());
    std::string line;
    std::size_t bytes = 0;
    for (auto _ : state) {
        line.clear();
        format.render(event, 1, line);
        benchmark::DoNotOptimize(line.data());
        bytes += line.size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK_CAPTURE(format_event, device, samples::device_event());
BENCHMARK_CAPTURE(format_event, transfer, samples::transfer_event());
BENCHMARK_CAPTURE(format_event, alert, samples::alert_event());

class NullSink final : public exporters::EnvelopeSink {
  public:
    base::Status consume(std::span<const exporters::StoredEnvelope>) override { return base::Done{}; }
};

void store_and_drain(benchmark::State& state) {
    const auto store = exporters::make_store({}, exporters::Overflow::wait);
    exporters::InlineExport inline_export(*store);
    NullSink sink;
    inline_export.add_sink("null", sink);
    const std::string line(1300, 'x');
    for (auto _ : state) {
        exporters::Envelope envelope;
        envelope.dataset = model::Dataset::transfer;
        envelope.key = "0123456789abcdef";
        store->append(std::move(envelope), [&line](std::uint64_t, std::string& json) { json = line; });
        inline_export.count_append();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(store_and_drain);

}  // namespace
}  // namespace telltale
