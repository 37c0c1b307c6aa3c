// SPDX-License-Identifier: Apache-2.0
// A worker's whole turn, from a batch of frames to records with their signatures; the records are thrown away. Time is
// per packet.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/base/packet_clock.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/worker.h"
#include "signatures/load.h"
#include "tests/support/scenario.h"

namespace telltale::pipeline {
namespace {

constexpr std::uint64_t kPackets = 50'000;

// Discards what a worker made, and counts it.
class CountingOutlet final : public RecordOutlet {
  public:
    bool publish(model::RecordBuffer& records, model::Order) override {
        bytes += records.bytes().size();
        records.clear();
        return true;
    }
    std::uint64_t bytes = 0;
};

// A scenario's frames in memory, in batches of one second of the clock at most, as a file source cuts them.
class Traffic {
  public:
    explicit Traffic(std::string_view scenario) {
        support::Truth truth;
        support::write_scenario(
            scenario, {.seed = 7, .packets = kPackets},
            [this](support::TimedFrame&& frame) { bytes_.push_back(std::move(frame)); }, truth);
        for (std::size_t i = 0; i < bytes_.size(); ++i) {
            model::Frame& frame = frames.emplace_back();
            frame.data = bytes_[i].bytes.data();
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(bytes_[i].bytes.size());
            frame.timestamp_ns = static_cast<std::int64_t>(bytes_[i].time_ns);
            frame.order = model::Order::of_frame(i + 1);
        }
    }

    static std::int64_t second_of(const model::Frame& frame) {
        return base::floor_to(frame.timestamp_ns, base::kSecondNs);
    }
    std::size_t batch_at(std::size_t first) const {
        std::size_t count = 1;
        while (count < model::kBatchFrames && first + count < frames.size() &&
               second_of(frames[first + count]) == second_of(frames[first])) {
            ++count;
        }
        return count;
    }

    std::vector<model::Frame> frames;

  private:
    std::vector<support::TimedFrame> bytes_;
};

std::shared_ptr<const match::CompiledSignatures> signatures() {
    static const auto compiled = []() -> std::shared_ptr<const match::CompiledSignatures> {
        auto bundle = signatures::load_bundle(TELLTALE_SOURCE_DIR "/signatures");
        if (!bundle) return nullptr;
        auto made = match::compile(std::make_shared<const signatures::Bundle>(std::move(*bundle)), {});
        return made ? std::move(*made) : nullptr;
    }();
    return compiled;
}

void worker_turns(benchmark::State& state, std::string_view scenario) {
    const auto compiled = signatures();
    if (compiled == nullptr) return state.SkipWithError("the shipped signatures do not compile");
    const Traffic traffic(scenario);
    std::uint64_t record_bytes = 0;
    for (auto _ : state) {
        state.PauseTiming();
        auto scanner = match::Scanner::create(compiled);
        if (!scanner) return state.SkipWithError(scanner.error().text.c_str());
        CountingOutlet outlet;
        track::TrackerConfig tracking;
        tracking.hash_key = {1, 2};
        auto worker = std::make_unique<Worker>(tracking, std::move(*scanner), 1, WhenFull::wait, outlet);
        state.ResumeTiming();
        for (std::size_t at = 0; at < traffic.frames.size();) {
            const std::size_t count = traffic.batch_at(at);
            const model::Frame* first = &traffic.frames[at];
            worker->step_clock(Traffic::second_of(*first), first->order.step_before());
            worker->process({first, count}, first[count - 1].order);
            at += count;
        }
        state.PauseTiming();
        record_bytes += outlet.bytes;
        worker.reset();
        state.ResumeTiming();
    }
    const auto packets = static_cast<double>(state.iterations()) * static_cast<double>(traffic.frames.size());
    state.counters["per_packet"] =
        benchmark::Counter(packets, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["record_bytes_a_packet"] = static_cast<double>(record_bytes) / packets;
    state.SetItemsProcessed(static_cast<std::int64_t>(packets));
}
BENCHMARK_CAPTURE(worker_turns, handshake_poor, "handshake-poor")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_turns, hello_rich, "hello-rich")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::pipeline
