// SPDX-License-Identifier: Apache-2.0
// Several workers on ports: the same results as one, figures that close at any moment, and counted losses.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/pipeline/pipeline_harness.h"
#include "tests/unit/pipeline/player.h"

namespace telltale::pipeline {
namespace {

bool all_done(const std::vector<std::unique_ptr<Player>>& players) {
    return std::all_of(players.begin(), players.end(), [](const auto& player) { return player->done.load(); });
}

// Runs players until all of them are empty.
void play(Pipeline& pipeline, const std::vector<std::unique_ptr<Player>>& players) {
    std::atomic<bool> stop{false};
    std::thread watch([&] {
        for (int looks = 0; looks < 60'000; ++looks) {
            if (all_done(players)) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        stop.store(true);
    });
    std::vector<capture::FrameSource*> sources;
    for (const auto& player : players) sources.push_back(player.get());
    EXPECT_TRUE(pipeline.run(sources, stop));
    watch.join();
}

TEST(WorkerLoop, SeveralReportWhatOneReports) {
    const auto frames = frames_of(conversations(300, 10));
    Tally one;
    {
        PipelineConfig config;
        config.policy = kPort;
        const auto pipeline = make_pipeline(config, one);
        std::vector<std::unique_ptr<Player>> players;
        players.push_back(std::make_unique<Player>(frames));
        play(*pipeline, players);
    }
    ASSERT_EQ(one.packets, frames.size());
    ASSERT_GT(one.kinds.size(), 2U);
    struct Case {
        std::string description;
        std::size_t workers, sources;
        PipelinePolicy policy;
    };
    for (const Case& test : {Case{"a dispatcher that waits", 3, 1, {Threading::dispatched, WhenFull::wait}},
                             Case{"one source per worker", 3, 3, kPort},
                             Case{"a source that can wait", 1, 1, {Threading::own_source, WhenFull::wait}},
                             Case{"in place", 1, 1, kFile}}) {
        SCOPED_TRACE(test.description);
        Tally several;
        PipelineConfig config;
        config.workers = test.workers;
        config.policy = test.policy;
        const auto pipeline = make_pipeline(config, several);
        std::vector<std::unique_ptr<Player>> players;
        for (std::size_t i = 0; i < test.sources; ++i) {
            players.push_back(std::make_unique<Player>(frames, i, test.sources));
        }
        play(*pipeline, players);
        EXPECT_EQ(several.packets, one.packets);
        EXPECT_EQ(several.flows, one.flows);
        // A worker reports a sender once; several may each report it.
        several.kinds.erase(static_cast<int>(model::RecordKind::sender));
        auto wanted = one.kinds;
        wanted.erase(static_cast<int>(model::RecordKind::sender));
        EXPECT_EQ(several.kinds, wanted);
        const PipelineFigures figures = pipeline->figures();
        EXPECT_EQ(figures.total.worker.frames, frames.size());
        EXPECT_EQ(figures.ports[model::PortIndex(0)].analysed + figures.ports[model::PortIndex(1)].analysed,
                  frames.size());
        for (const WorkerFigures& worker : figures.workers) {
            EXPECT_GT(worker.counters.frames, 0U) << "a worker without a flow";
            EXPECT_EQ(worker.records_waiting, 0U);
            EXPECT_EQ(worker.records_published, worker.records_consumed + worker.records_dropped);
        }
    }
}

std::uint64_t received_by(const std::vector<std::unique_ptr<Player>>& players, std::size_t port) {
    std::uint64_t received = 0;
    for (const auto& player : players) received += player->received[port].load();
    return received;
}

std::uint64_t known_of(const PipelineFigures& figures, std::size_t port) {
    const PortCounts& counts = figures.ports[model::PortIndex(port)];
    std::uint64_t known = counts.analysed;
    for (const std::uint64_t dropped : counts.dropped) known += dropped;
    return known;
}

// At any moment of a run.
void expect_closed(const PipelineFigures& figures, const std::vector<std::unique_ptr<Player>>& players) {
    for (std::size_t port = 0; port < 2; ++port) EXPECT_LE(known_of(figures, port), received_by(players, port));
    for (const WorkerFigures& worker : figures.workers) {
        EXPECT_EQ(worker.records_published, worker.records_consumed + worker.records_dropped + worker.records_waiting);
        EXPECT_LE(worker.records_waiting, worker.records_published);
        EXPECT_LE(worker.busy_ratio, 1.0);
    }
}

// The consumer blocks, frames come as fast as they are taken, and another thread looks at the figures all the time.
TEST(WorkerLoop, ClosesEveryFigureAtAnyMoment) {
    const auto frames = frames_of(conversations(2000, 30));
    for (const std::size_t sources : {1U, 2U}) {
        SCOPED_TRACE(sources);
        std::atomic<bool> released{false};
        Tally tally;
        Watcher consumer([&](const model::RecordView& record) {
            for (int i = 0; i < 60'000 && !released.load(); ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            tally.on_record(record);
        });
        PipelineConfig config;
        config.workers = 2;
        config.policy = {sources == 1 ? Threading::dispatched : Threading::own_source, WhenFull::drop};
        config.ring_bytes = 1U << 20;
        const auto pipeline = make_pipeline(config, consumer);
        std::vector<std::unique_ptr<Player>> players;
        for (std::size_t i = 0; i < sources; ++i) players.push_back(std::make_unique<Player>(frames, i, sources));

        std::atomic<bool> ended{false};
        std::uint64_t looks = 0;
        std::thread looking([&] {
            for (; !ended.load(); ++looks) {
                expect_closed(pipeline->figures(), players);
                if (all_done(players)) released.store(true);
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            }
        });
        play(*pipeline, players);
        ended.store(true);
        looking.join();
        EXPECT_GT(looks, 3U);

        const PipelineFigures figures = pipeline->figures();
        std::uint64_t analysed = 0;
        for (std::size_t port = 0; port < 2; ++port) {
            EXPECT_EQ(known_of(figures, port), received_by(players, port));
            analysed += figures.ports[model::PortIndex(port)].analysed;
        }
        EXPECT_EQ(tally.packets, analysed) << "flows lose no byte of what was analysed";
        EXPECT_GT(figures.total.worker.ring_full, 0U) << "the ring was never full: the test shows nothing";
    }
}

TEST(WorkerLoop, BeatsWhileNothingArrives) {
    Tally tally;
    PipelineConfig config;
    config.workers = 2;
    config.policy = {Threading::dispatched, WhenFull::drop};
    const auto pipeline = make_pipeline(config, tally);
    const std::vector<support::TimedFrame> none;
    std::vector<std::unique_ptr<Player>> players;
    players.push_back(std::make_unique<Player>(none));
    std::atomic<bool> stop{false};
    std::thread running([&] { EXPECT_TRUE(pipeline->run({players[0].get()}, stop)); });
    std::vector<std::uint64_t> before(3, 0);
    const auto beats = [&] {
        const PipelineFigures figures = pipeline->figures();
        return std::vector<std::uint64_t>{figures.workers[0].heartbeats, figures.workers[1].heartbeats,
                                          figures.dispatcher_heartbeat};
    };
    for (int round = 0; round < 3; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const std::vector<std::uint64_t> now = beats();
        for (std::size_t i = 0; i < now.size(); ++i) EXPECT_GT(now[i], before[i]) << i;
        before = now;
    }
    const PipelineFigures figures = pipeline->figures();
    EXPECT_GT(figures.workers[0].running_ns, 0U);
    EXPECT_LT(figures.workers[0].busy_ratio, 0.5);
    EXPECT_EQ(figures.workers[0].flows_limit, PipelineConfig().tracking.flows);
    EXPECT_GT(figures.workers[0].queue_limit_batches, 0U);
    stop.store(true);
    running.join();
}

}  // namespace
}  // namespace telltale::pipeline
