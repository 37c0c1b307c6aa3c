// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/pipeline.h"

#include <chrono>
#include <string>
#include <thread>

#include "sensor/pipeline/idle_wait.h"
#include "sensor/pipeline/poll_loop.h"
#include "sensor/pipeline/record_merge.h"

namespace telltale::pipeline {
namespace {

constexpr std::chrono::seconds kTickEvery{1};

// How far a worker may be behind the dispatcher. A batch takes the longest frame: of a file, which has few large
// batches, or of a port, which has many.
std::unique_ptr<FrameLane> make_lane(const PipelinePolicy& policy) {
    if (policy.threading != Threading::dispatched) return nullptr;
    return policy.when_full == WhenFull::wait ? std::make_unique<FrameLane>(16, model::kFileBatchBytes)
                                              : std::make_unique<FrameLane>(256, std::size_t{128} * 1024);
}

}  // namespace

Pipeline::Pipeline(PipelineConfig&& config, TrafficFilter&& filter, RecordConsumer& consumer)
    : config_(std::move(config)),
      filter_(std::move(filter)),
      sequencer_(consumer, config_.workers),
      sources_(new Published<SourceCopy>[config_.workers]),
      next_tick_(MonotoneClock::now() + kTickEvery) {}

Pipeline::~Pipeline() = default;

base::Result<std::unique_ptr<Pipeline>> Pipeline::create(PipelineConfig config,
                                                         std::shared_ptr<const match::CompiledSignatures> signatures,
                                                         RecordConsumer& consumer) {
    const bool in_place = config.policy.threading == Threading::inline_worker;
    const std::size_t most = in_place ? 1 : capture::kMaxWorkers;
    if (config.workers == 0 || config.workers > most) {
        return base::Error{"workers: " + std::to_string(config.workers) + " is outside 1 to " + std::to_string(most)};
    }
    auto filter = TrafficFilter::create(config.filter);
    if (!filter) return filter.error();
    std::unique_ptr<Pipeline> pipeline(new Pipeline(std::move(config), std::move(*filter), consumer));
    if (base::Status added = pipeline->add_workers(signatures); !added) return added.error();
    return pipeline;
}

base::Status Pipeline::add_workers(const std::shared_ptr<const match::CompiledSignatures>& signatures) {
    track::TrackerConfig tracking = config_.tracking;
    tracking.hash_key = base::random_hash_key();
    const WhenFull when_full = config_.policy.when_full;
    std::vector<FrameLane*> lanes;
    for (std::size_t i = 0; i < config_.workers; ++i) {
        auto scanner = match::Scanner::create(signatures);
        if (!scanner) return scanner.error();
        std::unique_ptr<RecordOutlet> outlet;
        if (config_.policy.threading == Threading::inline_worker) {
            outlet = std::make_unique<InlineOutlet>(sequencer_);
        } else {
            auto ring = std::make_unique<RingOutlet>(config_.ring_bytes, when_full);
            rings_.push_back(ring.get());
            outlet = std::move(ring);
        }
        tracking.worker = static_cast<std::uint16_t>(i);
        workers_.push_back(std::make_unique<WorkerLoop>(tracking, std::move(*scanner), config_.generation, when_full,
                                                        std::move(outlet), make_lane(config_.policy)));
        lanes.push_back(workers_.back()->lane());
    }
    if (config_.policy.threading == Threading::dispatched) {
        dispatcher_ = std::make_unique<Dispatcher>(lanes, base::random_hash_key(), config_.tracking.tunnels, when_full);
    }
    return base::Done{};
}

base::Status Pipeline::run(capture::Taps& taps, const std::atomic<bool>& stop) {
    duplicates_.window_ns = DuplicateConfig::kMirrorWindowNs;
    for (std::size_t i = 0; i < taps.taps().size(); ++i) {
        duplicates_.drop[model::TapIndex(i)] = taps.taps()[i].drop_duplicates;
    }
    std::vector<capture::FrameSource*> sources;
    for (std::size_t i = 0; i < taps.source_count(); ++i) sources.push_back(&taps.source(i));
    return run(sources, stop);
}

base::Status Pipeline::run(capture::FrameSource& source) {
    const std::atomic<bool> never{false};
    return run({&source}, never);
}

base::Status Pipeline::run(const std::vector<capture::FrameSource*>& sources, const std::atomic<bool>& stop) {
    const Threading threading = config_.policy.threading;
    if (sources.size() != (threading == Threading::own_source ? workers_.size() : 1)) {
        return base::Error{std::to_string(sources.size()) + " sources for " + std::to_string(workers_.size()) +
                           " workers"};
    }
    if (threading == Threading::inline_worker) {
        poll(*sources[0], 0, *workers_[0], stop);
        sequencer_.flush();
        return base::Done{};
    }
    std::thread correlator([this] { correlate(); });
    threading == Threading::own_source ? poll_each(sources, stop) : poll_and_dispatch(*sources[0], stop);
    correlator.join();
    return base::Done{};
}

void Pipeline::poll(capture::FrameSource& source, std::size_t index, FrameTaker& taker, const std::atomic<bool>& stop) {
    decode::DefragmenterConfig defragmenting = config_.defragmenting;
    defragmenting.hash_key = base::random_hash_key();
    SourceStage stage(source, filter_, duplicates_, defragmenting, sources_[index]);
    const bool correlates = config_.policy.threading == Threading::inline_worker;
    std::function<void(MonotoneClock::time_point)> after_turn;
    if (index == 0 && (correlates || config_.after_poll)) {
        after_turn = [this, correlates](MonotoneClock::time_point now) {
            if (config_.after_poll) config_.after_poll();
            if (!correlates) return;
            tick_sometimes(now);
            if (config_.on_idle) config_.on_idle();
        };
    }
    poll_until_the_end(stage, taker, stop, after_turn);
}

void Pipeline::poll_each(const std::vector<capture::FrameSource*>& sources, const std::atomic<bool>& stop) {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < sources.size(); ++i) {
        threads.emplace_back([&, i] { poll(*sources[i], i, *workers_[i], stop); });
    }
    poll(*sources[0], 0, *workers_[0], stop);
    for (std::thread& thread : threads) thread.join();
}

void Pipeline::poll_and_dispatch(capture::FrameSource& source, const std::atomic<bool>& stop) {
    std::vector<std::thread> threads;
    for (const auto& worker : workers_) threads.emplace_back([&worker] { worker->run(); });
    poll(source, 0, *dispatcher_, stop);
    for (std::thread& thread : threads) thread.join();
}

void Pipeline::correlate() {
    RecordMerge merge(rings_, sequencer_);
    IdleWait idle;
    while (true) {
        const bool delivered = merge.step();
        const MonotoneClock::time_point now = MonotoneClock::now();
        if ((!delivered || now >= next_tick_) && merge.settle()) {
            tick_sometimes(now);
            if (!delivered && config_.on_idle) config_.on_idle();
        }
        if (delivered) {
            idle.reset();
        } else {
            if (merge.drained_to(model::Order::last())) break;
            idle.wait();
        }
    }
    sequencer_.flush();
}

void Pipeline::tick_sometimes(MonotoneClock::time_point now) {
    if (now < next_tick_) return;
    next_tick_ = now + kTickEvery;
    if (config_.on_tick) config_.on_tick();
}

std::vector<const FramesInHand*> Pipeline::in_hand() const {
    std::vector<const FramesInHand*> hands;
    for (const auto& worker : workers_) hands.push_back(&worker->in_hand());
    return hands;
}

PipelineFigures Pipeline::figures() const {
    PipelineFigures figures;
    if (dispatcher_) figures.dispatcher_heartbeat = dispatcher_->heartbeat();
    // Workers first: a frame that they have analysed has gone through its source before.
    for (const auto& worker : workers_) {
        WorkerCopy copy;
        figures.workers.push_back(worker->figures(copy));
        figures.add(copy);
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) figures.add(sources_[i].read());
    return figures;
}

std::vector<PortAccount> Pipeline::accounts(const capture::Taps& taps) const {
    const PipelineFigures figures = this->figures();
    std::vector<PortAccount> accounts;
    // The ports last: they have received whatever was analysed or dropped before.
    for (capture::PortFigures& port : taps.figures()) accounts.push_back(account_of(std::move(port), figures));
    return accounts;
}

}  // namespace telltale::pipeline
