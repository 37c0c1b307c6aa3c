// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/live_pipeline.h"

#include <chrono>
#include <thread>

#include "sensor/pipeline/backoff.h"
#include "sensor/pipeline/live_dispatcher.h"
#include "sensor/pipeline/record_merge.h"

namespace telltale::pipeline {

using capture::PollStatus;

// The end of a polling loop: some time for what has arrived, then only for what is here. A source may be holding frames
// back for others to come: it has to bring nothing for longer than that.
class LivePipeline::Stopping {
  public:
    Stopping(capture::FrameSource& source, const std::atomic<bool>& stop) : source_(source), stop_(stop) {}

    // At the beginning of a turn.
    void look(LiveClock::time_point now) {
        if (!asked_ && stop_.load(std::memory_order_relaxed)) {
            asked_ = true;
            quiet_since_ = now;
            latest_ = now + std::chrono::milliseconds(kLastFramesMs);
        }
        if (asked_ && now >= latest_) end();
        now_ = now;
    }
    // Whether that was the last turn.
    [[nodiscard]] bool over(PollStatus status) {
        if (status == PollStatus::frames) quiet_since_ = now_;
        if (status != PollStatus::nothing) return status != PollStatus::frames;
        if (ending_) return true;
        if (asked_ && now_ - quiet_since_ >= kQuiet) end();
        return false;
    }

  private:
    void end() {
        source_.stop_receiving();
        ending_ = true;
    }

    static constexpr std::chrono::nanoseconds kQuiet{2 * capture::kLongestHoldNs};

    capture::FrameSource& source_;
    const std::atomic<bool>& stop_;
    bool asked_ = false;
    bool ending_ = false;
    LiveClock::time_point now_;
    LiveClock::time_point latest_;
    LiveClock::time_point quiet_since_;
};

LivePipeline::LivePipeline(const LivePipelineConfig& config, TrafficFilter filter, RecordConsumer consumer)
    : config_(config),
      filter_(std::move(filter)),
      sequencer_(std::move(consumer), config.workers),
      sources_(new Published<SourceSnapshot>[config.workers]) {}

LivePipeline::~LivePipeline() = default;

base::Result<std::unique_ptr<LivePipeline>> LivePipeline::create(
    const LivePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
    RecordConsumer consumer) {
    if (config.workers == 0 || config.workers > capture::kMaxWorkers) {
        return base::Error{"workers: " + std::to_string(config.workers) + " is outside 1 to " +
                           std::to_string(capture::kMaxWorkers)};
    }
    auto filter = TrafficFilter::create(config.filter);
    if (!filter) return filter.error();
    std::unique_ptr<LivePipeline> pipeline(new LivePipeline(config, std::move(*filter), std::move(consumer)));
    track::TrackerConfig tracking = config.tracking;
    tracking.hash_key = base::random_hash_key();
    for (std::size_t i = 0; i < config.workers; ++i) {
        auto scanner = match::Scanner::create(signatures);
        if (!scanner) return scanner.error();
        tracking.worker = static_cast<std::uint16_t>(i);
        pipeline->workers_.push_back(
            std::make_unique<LiveWorker>(tracking, std::move(*scanner), config.generation, config.ring_bytes));
    }
    return pipeline;
}

base::Status LivePipeline::run(capture::Taps& taps, const std::atomic<bool>& stop) {
    for (std::size_t i = 0; i < taps.taps().size(); ++i)
        config_.duplicates.drop[model::TapIndex(i)] = taps.taps()[i].drop_duplicates;
    std::vector<capture::FrameSource*> sources;
    for (std::size_t i = 0; i < taps.source_count(); ++i) sources.push_back(&taps.source(i));
    return run(sources, taps.can_wait(), stop);
}

base::Status LivePipeline::run(const std::vector<capture::FrameSource*>& sources, bool can_wait,
                               const std::atomic<bool>& stop) {
    if (sources.size() != workers_.size() && sources.size() != 1) {
        return base::Error{std::to_string(sources.size()) + " sources for " + std::to_string(workers_.size()) +
                           " workers"};
    }
    for (const auto& worker : workers_) worker->start(can_wait);
    working_.store(workers_.size(), std::memory_order_relaxed);
    std::thread correlator([this] { correlate(); });
    base::Status status = base::Done{};
    std::vector<std::thread> threads;
    if (sources.size() == workers_.size()) {
        std::vector<base::Status> ended(sources.size(), base::Done{});
        for (std::size_t i = 1; i < sources.size(); ++i) {
            threads.emplace_back([&, i] { ended[i] = poll_and_work(*sources[i], i, stop); });
        }
        ended[0] = poll_and_work(*sources[0], 0, stop);
        for (std::thread& thread : threads) thread.join();
        for (const base::Status& one : ended) status = one ? status : one;
    } else {
        for (const auto& worker : workers_) {
            lanes_.push_back(std::make_unique<FrameLane>(kLaneBatches, kLaneBatchBytes));
            threads.emplace_back([this, &worker, lane = lanes_.back().get()] {
                worker->run(*lane);
                working_.fetch_sub(1, std::memory_order_release);
            });
        }
        status = poll_and_dispatch(*sources[0], can_wait, stop);
        for (std::thread& thread : threads) thread.join();
    }
    correlator.join();
    return status;
}

LiveSource LivePipeline::open_source(capture::FrameSource& source, std::size_t index) {
    decode::DefragmenterConfig defragmenting = config_.defragmenting;
    defragmenting.hash_key = base::random_hash_key();
    return LiveSource(source, filter_, config_.duplicates, defragmenting, sources_[index]);
}

base::Status LivePipeline::poll_and_work(capture::FrameSource& source, std::size_t index,
                                         const std::atomic<bool>& stop) {
    LiveWorker& worker = *workers_[index];
    LiveSource live = open_source(source, index);
    capture::FrameSource& frames = live.frames();
    model::FrameBatch batch;
    Stopping stopping(frames, stop);
    Backoff idle;
    model::Order done;
    PollStatus status = PollStatus::frames;
    do {
        const LiveClock::time_point now = LiveClock::now();
        worker.beat();
        stopping.look(now);
        live.publish_sometimes(now, nullptr);
        status = frames.poll(batch);
        if (status == PollStatus::frames) {
            done = batch.frames[batch.count - 1].order;
            worker.take(std::span(batch.frames).first(batch.count), batch.clock_ns, done, now);
            frames.release(batch);
            idle.reset();
        } else if (status == PollStatus::nothing) {
            done = batch.done.step_after();
            worker.rest(batch.clock_ns, done, now);
            frames.release(batch);
            idle.wait();
        }
    } while (!stopping.over(status));
    worker.finish(done.end());
    live.publish(LiveClock::now(), nullptr);
    working_.fetch_sub(1, std::memory_order_release);
    if (status == PollStatus::failed) return base::Error{source.failure()};
    return base::Done{};
}

base::Status LivePipeline::poll_and_dispatch(capture::FrameSource& source, bool can_wait,
                                             const std::atomic<bool>& stop) {
    std::vector<FrameLane*> lanes;
    for (const auto& lane : lanes_) lanes.push_back(lane.get());
    LiveDispatcher dispatcher(lanes, base::random_hash_key(), config_.tracking.tunnels,
                              can_wait ? LiveDispatcher::WhenFull::wait : LiveDispatcher::WhenFull::drop);
    LiveSource live = open_source(source, 0);
    capture::FrameSource& frames = live.frames();
    model::FrameBatch batch;
    Stopping stopping(frames, stop);
    Backoff idle;
    PollStatus status = PollStatus::frames;
    do {
        const LiveClock::time_point now = LiveClock::now();
        poller_heartbeat_.store(poller_heartbeat_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        stopping.look(now);
        live.publish_sometimes(now, &dispatcher.full());
        status = frames.poll(batch);
        if (status == PollStatus::frames) {
            dispatcher.dispatch(batch);
            frames.release(batch);
            idle.reset();
        } else if (status == PollStatus::nothing) {
            dispatcher.rest(batch.clock_ns, batch.done);
            frames.release(batch);
            idle.wait();
        }
    } while (!stopping.over(status));
    dispatcher.finish();
    live.publish(LiveClock::now(), &dispatcher.full());
    if (status == PollStatus::failed) return base::Error{source.failure()};
    return base::Done{};
}

void LivePipeline::correlate() {
    std::vector<RingOutlet*> outlets;
    for (const auto& worker : workers_) outlets.push_back(&worker->outlet());
    RecordMerge merge(outlets, sequencer_);
    Backoff backoff;
    LiveClock::time_point tick = LiveClock::now() + std::chrono::seconds(1);
    while (true) {
        if (merge.step()) {
            backoff.reset();
        } else {
            merge.settle();
            const bool ended = working_.load(std::memory_order_acquire) == 0;
            if (ended && merge.drained_to(model::Order::last())) break;
            backoff.wait();
        }
        if (const LiveClock::time_point now = LiveClock::now(); now >= tick) {
            tick = now + std::chrono::seconds(1);
            if (config_.on_tick) config_.on_tick();
        }
    }
    sequencer_.flush();
}

LiveFigures LivePipeline::figures() const {
    LiveFigures figures;
    figures.poller_heartbeat = poller_heartbeat_.load(std::memory_order_relaxed);
    // Workers first: a frame that they have analysed has gone through its source before.
    for (const auto& worker : workers_) {
        WorkerSnapshot snapshot;
        figures.workers.push_back(worker->figures(snapshot));
        figures.total.add(snapshot);
        for (const model::PortIndex port : model::PortIndex::all()) {
            figures.ports[port].analysed += snapshot.analysed[port];
        }
        for (const model::TapIndex tap : model::TapIndex::all()) {
            figures.taps[tap].both_sides += snapshot.sides.both[tap];
            figures.taps[tap].one_side += snapshot.sides.one[tap];
        }
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        const SourceSnapshot source = sources_[i].read();
        figures.total.add(source.defragment);
        for (const model::PortIndex port : model::PortIndex::all()) {
            figures.ports[port].duplicates += source.ports[port].duplicates;
            for (std::size_t reason = 0; reason < kPortDropCount; ++reason) {
                figures.ports[port].dropped[reason] += source.ports[port].dropped[reason];
            }
        }
    }
    return figures;
}

std::vector<const FramesInHand*> LivePipeline::in_hand() const {
    std::vector<const FramesInHand*> hands;
    for (const auto& worker : workers_) hands.push_back(&worker->in_hand());
    return hands;
}

std::vector<PortAccount> LivePipeline::accounts(const capture::Taps& taps) const {
    const LiveFigures figures = this->figures();
    std::vector<PortAccount> accounts;
    // The ports last: they have received whatever was analysed or dropped before.
    for (capture::PortFigures& port : taps.figures()) {
        PortAccount account;
        account.counts = figures.ports[port.index];
        account.counts.dropped[static_cast<std::size_t>(PortDrop::unreadable)] = port.unreadable;
        for (std::uint64_t of_reason : account.counts.dropped) account.dropped += of_reason;
        account.in_flight = port.received_frames - account.counts.analysed - account.dropped;
        account.port = std::move(port);
        accounts.push_back(std::move(account));
    }
    return accounts;
}

}  // namespace telltale::pipeline
