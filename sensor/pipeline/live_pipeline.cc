// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/live_pipeline.h"

#include <chrono>
#include <thread>

#include "sensor/pipeline/backoff.h"
#include "sensor/pipeline/defragmenting_source.h"
#include "sensor/pipeline/record_merge.h"

namespace telltale::pipeline {

using capture::PollStatus;
using Clock = std::chrono::steady_clock;

base::Result<std::unique_ptr<LivePipeline>> LivePipeline::create(
    const LivePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
    RecordConsumer consumer) {
    auto scanner = match::Scanner::create(std::move(signatures));
    if (!scanner) return scanner.error();
    std::unique_ptr<LivePipeline> pipeline(new LivePipeline(config, std::move(consumer)));
    track::TrackerConfig tracking = config.tracking;
    tracking.hash_key = base::random_hash_key();
    tracking.worker = 0;
    pipeline->worker_ = std::make_unique<Worker>(tracking, std::move(*scanner), config.generation, pipeline->outlet_);
    return pipeline;
}

base::Status LivePipeline::run(capture::FrameSource& source, const std::atomic<bool>& stop) {
    decode::DefragmenterConfig defragmenting = config_.defragmenting;
    defragmenting.hash_key = base::random_hash_key();
    DefragmentingSource whole(source, defragmenting);
    std::atomic<std::uint64_t> end_order{0};
    std::thread correlator([this, &end_order] { correlate(end_order); });
    base::Status status = base::Done{};
    const std::uint64_t end = carry(whole, stop, status) + 1;
    worker_->finish(end);
    end_order.store(end, std::memory_order_release);
    correlator.join();
    defragmented_ = whole.counters();
    return status;
}

std::uint64_t LivePipeline::carry(capture::FrameSource& source, const std::atomic<bool>& stop, base::Status& status) {
    Worker& worker = *worker_;
    model::FrameBatch batch;
    std::uint64_t done_order = 0;
    Backoff idle;
    bool stopping = false;
    Clock::time_point latest;
    while (!stopping || Clock::now() < latest) {
        if (!stopping && stop.load(std::memory_order_relaxed)) {
            stopping = true;
            latest = Clock::now() + std::chrono::milliseconds(kLastFramesMs);
        }
        const PollStatus polled = source.poll(batch);
        if (polled == PollStatus::frames) {
            done_order = batch.frames[batch.count - 1].order;
            worker.step_port_clock(batch.clock_ns, batch.frames[0].order - 1);
            worker.process(std::span(batch.frames).first(batch.count), done_order);
            source.release(batch);
            idle.reset();
            continue;
        }
        if (polled == PollStatus::failed) status = base::Error{source.failure()};
        if (polled != PollStatus::nothing || stopping) break;
        done_order = batch.done_order + 1;
        worker.step_port_clock(batch.clock_ns, done_order);
        worker.rest(done_order);
        source.release(batch);
        idle.wait();
    }
    return (done_order + 1) & ~std::uint64_t{1};
}

void LivePipeline::correlate(const std::atomic<std::uint64_t>& end_order) {
    RecordMerge merge({&outlet_}, sequencer_);
    Backoff backoff;
    Clock::time_point tick = Clock::now() + std::chrono::seconds(1);
    while (true) {
        if (merge.step()) {
            backoff.reset();
        } else {
            merge.settle();
            const std::uint64_t end = end_order.load(std::memory_order_acquire);
            if (end != 0 && merge.drained_to(end)) break;
            backoff.wait();
        }
        if (const Clock::time_point now = Clock::now(); now >= tick) {
            tick = now + std::chrono::seconds(1);
            if (config_.on_tick) config_.on_tick();
        }
    }
    sequencer_.flush();
}

LiveFigures LivePipeline::figures() const {
    LiveFigures figures;
    figures.total.defragment = defragmented_;
    figures.total.add(*worker_);
    return figures;
}

}  // namespace telltale::pipeline
