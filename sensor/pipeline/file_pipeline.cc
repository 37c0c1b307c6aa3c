// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/file_pipeline.h"

#include <atomic>
#include <thread>

#include "sensor/pipeline/backoff.h"
#include "sensor/pipeline/defragmenting_source.h"
#include "sensor/pipeline/dispatcher.h"
#include "sensor/pipeline/record_merge.h"
#include "sensor/pipeline/snapshots.h"

namespace telltale::pipeline {

using capture::PollStatus;

// One worker's thread with its two queues.
struct FilePipeline::Lane {
    explicit Lane(std::size_t ring_bytes) : outlet(ring_bytes, RingOutlet::WhenFull::wait) {}

    FrameLane frames;
    RingOutlet outlet;
    std::thread thread;

    void run(Worker& worker) {
        Backoff backoff;
        while (true) {
            LaneBatch* batch = nullptr;
            if (!frames.receive(batch)) {
                backoff.wait();
                continue;
            }
            backoff.reset();
            if (batch->step != model::Order()) worker.step_clock(batch->frames.clock_ns, batch->step);
            worker.process(std::span(batch->frames.frames).first(batch->frames.count), batch->done);
            const bool last = batch->last;
            const model::Order end = batch->done.end();
            frames.give_back(batch);
            if (last) {
                worker.finish(end);
                return;
            }
        }
    }
};

FilePipeline::FilePipeline(const FilePipelineConfig& config, RecordConsumer consumer)
    : config_(config), sequencer_(std::move(consumer), config.workers) {}

FilePipeline::~FilePipeline() = default;

base::Result<std::unique_ptr<FilePipeline>> FilePipeline::create(
    const FilePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
    RecordConsumer consumer) {
    std::unique_ptr<FilePipeline> pipeline(new FilePipeline(config, std::move(consumer)));
    track::TrackerConfig tracking = config.tracking;
    tracking.hash_key = base::random_hash_key();
    for (std::size_t i = 0; i < config.workers; ++i) {
        auto scanner = match::Scanner::create(signatures);
        if (!scanner) return scanner.error();
        RecordOutlet* outlet = nullptr;
        if (config.workers == 1) {
            pipeline->inline_outlet_ = std::make_unique<InlineOutlet>(pipeline->sequencer_);
            outlet = pipeline->inline_outlet_.get();
        } else {
            pipeline->lanes_.push_back(std::make_unique<Lane>(config.ring_bytes));
            outlet = &pipeline->lanes_.back()->outlet;
        }
        tracking.worker = static_cast<std::uint16_t>(i);
        pipeline->workers_.push_back(
            std::make_unique<Worker>(tracking, std::move(*scanner), config.generation, *outlet));
    }
    return pipeline;
}

base::Status FilePipeline::run(capture::FrameSource& source, const std::function<void()>& after_batch) {
    decode::DefragmenterConfig defragmenting = config_.defragmenting;
    defragmenting.hash_key = base::random_hash_key();
    DefragmentingSource whole(source, defragmenting);
    base::Status status = workers_.size() == 1 ? run_inline(whole, after_batch) : run_threads(whole, after_batch);
    defragmented_ = whole.counters();
    return status;
}

base::Status FilePipeline::run_inline(capture::FrameSource& source, const std::function<void()>& after_batch) {
    Worker& worker = *workers_.front();
    model::FrameBatch batch;
    model::Order done;
    PollStatus status = PollStatus::frames;
    while ((status = source.poll(batch)) == PollStatus::frames || status == PollStatus::nothing) {
        if (batch.count != 0) {
            done = batch.frames[batch.count - 1].order;
            worker.step_clock(batch.clock_ns, batch.frames[0].order.step_before());
            worker.process(std::span(batch.frames).first(batch.count), done);
        }
        source.release(batch);
        after_batch();
    }
    worker.finish(done.end());
    sequencer_.flush();
    if (status == PollStatus::failed) return base::Error{source.failure()};
    return base::Done{};
}

base::Status FilePipeline::run_threads(capture::FrameSource& source, const std::function<void()>& after_batch) {
    std::vector<FrameLane*> frame_lanes;
    std::vector<RingOutlet*> outlets;
    for (const auto& lane : lanes_) {
        frame_lanes.push_back(&lane->frames);
        outlets.push_back(&lane->outlet);
    }
    std::atomic<model::Order> end_order{};
    std::thread correlator([this, &outlets, &end_order] {
        RecordMerge merge(outlets, sequencer_);
        Backoff backoff;
        while (true) {
            if (merge.step()) {
                backoff.reset();
                continue;
            }
            const model::Order end = end_order.load(std::memory_order_acquire);
            if (end != model::Order() && merge.drained_to(end)) break;
            backoff.wait();
        }
        sequencer_.flush();
    });
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        lanes_[i]->thread = std::thread([this, i] { lanes_[i]->run(*workers_[i]); });
    }

    Dispatcher dispatcher(frame_lanes, base::random_hash_key(), config_.tracking.tunnels);
    model::FrameBatch batch;
    PollStatus status = PollStatus::frames;
    while ((status = source.poll(batch)) == PollStatus::frames || status == PollStatus::nothing) {
        dispatcher.dispatch(batch);
        source.release(batch);
        after_batch();
    }
    dispatcher.finish();
    end_order.store(dispatcher.end(), std::memory_order_release);
    for (const auto& lane : lanes_) lane->thread.join();
    correlator.join();
    if (status == PollStatus::failed) return base::Error{source.failure()};
    return base::Done{};
}

PipelineFigures FilePipeline::figures() const {
    PipelineFigures sum;
    sum.defragment = defragmented_;
    for (const auto& worker : workers_) sum.add(snapshot_of(*worker));
    return sum;
}

}  // namespace telltale::pipeline
