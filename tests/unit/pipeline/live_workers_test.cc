// SPDX-License-Identifier: Apache-2.0
// Several workers on ports: the same results as one, figures that close at any moment, and counted losses.
#include <gtest/gtest.h>

#include "sensor/pipeline/live_dispatcher.h"
#include "tests/unit/pipeline/live_harness.h"

namespace telltale::pipeline {
namespace {

using capture::PollStatus;

// Plays a share of some packets, from memory; then nothing. Counts what it has handed out, for other threads.
class Player final : public capture::FrameSource {
  public:
    Player(const std::vector<support::TimedFrame>& frames, std::size_t share = 0, std::size_t shares = 1)
        : frames_(frames), share_(share), shares_(shares) {}

    PollStatus poll(model::FrameBatch& batch) override {
        now_ns_ += 1'000'000;
        for (; receiving_ && next_ < frames_.size() && !batch.full(); ++next_) {
            if (flow_of(next_) % shares_ != share_) continue;
            model::Frame frame;
            frame.data = frames_[next_].bytes.data();
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(frames_[next_].bytes.size());
            frame.timestamp_ns = now_ns_;
            frame.order = order_ = order_.next_frame();
            frame.port = model::PortIndex(next_ % 2);
            batch.add(frame);
            received[frame.port.value()].fetch_add(1, std::memory_order_relaxed);
        }
        batch.clock_ns = base::floor_to(now_ns_, base::kSecondNs);
        if (batch.count != 0) return PollStatus::frames;
        done.store(true, std::memory_order_relaxed);
        batch.done = order_ = order_.next_frame();
        return PollStatus::nothing;
    }
    void release(model::FrameBatch& batch) override { batch.clear(); }
    void stop_receiving() override { receiving_ = false; }

    std::array<std::atomic<std::uint64_t>, 2> received{};
    std::atomic<bool> done{false};

  private:
    [[nodiscard]] static std::size_t flow_of(std::size_t index) { return index / 2; }  // question and answer

    const std::vector<support::TimedFrame>& frames_;
    std::size_t share_, shares_;
    std::size_t next_ = 0;
    bool receiving_ = true;
    std::int64_t now_ns_ = 1'772'524'800 * base::kSecondNs;
    model::Order order_;
};

std::vector<support::TimedFrame> frames_of(const std::vector<support::Packet>& packets) {
    std::vector<support::TimedFrame> frames;
    for (const support::Packet& packet : packets) frames.push_back(packet.frame());
    return frames;
}

// Runs players until all of them are empty.
void play(LivePipeline& pipeline, const std::vector<std::unique_ptr<Player>>& players, bool can_wait) {
    std::atomic<bool> stop{false};
    std::thread watch([&] {
        for (int looks = 0; looks < 60'000; ++looks) {
            bool all = true;
            for (const auto& player : players) all = all && player->done.load();
            if (all) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        stop.store(true);
    });
    std::vector<capture::FrameSource*> sources;
    for (const auto& player : players) sources.push_back(player.get());
    EXPECT_TRUE(pipeline.run(sources, can_wait, stop));
    watch.join();
}

TEST(LiveWorkers, TellWhatOneTells) {
    const auto frames = frames_of(conversations(300, 10));
    Told one;
    {
        const auto pipeline = make_live({}, one.consumer());
        std::vector<std::unique_ptr<Player>> players;
        players.push_back(std::make_unique<Player>(frames));
        play(*pipeline, players, false);
    }
    ASSERT_EQ(one.packets, frames.size());
    ASSERT_GT(one.kinds.size(), 2U);
    struct Case {
        std::string description;
        std::size_t workers, sources;
        bool can_wait;
    };
    for (const Case& test : {Case{"a dispatcher that waits", 3, 1, true}, Case{"a source a worker", 3, 3, false},
                             Case{"a source that can wait", 1, 1, true}}) {
        SCOPED_TRACE(test.description);
        Told several;
        LivePipelineConfig config;
        config.workers = test.workers;
        const auto pipeline = make_live(config, several.consumer());
        std::vector<std::unique_ptr<Player>> players;
        for (std::size_t i = 0; i < test.sources; ++i) {
            players.push_back(std::make_unique<Player>(frames, i, test.sources));
        }
        play(*pipeline, players, test.can_wait);
        EXPECT_EQ(several.packets, one.packets);
        EXPECT_EQ(several.flows, one.flows);
        // What a worker tells once of each sender, several may tell again.
        several.kinds.erase(static_cast<int>(model::RecordKind::sender));
        auto wanted = one.kinds;
        wanted.erase(static_cast<int>(model::RecordKind::sender));
        EXPECT_EQ(several.kinds, wanted);
        const LiveFigures figures = pipeline->figures();
        EXPECT_EQ(figures.total.frames, frames.size());
        EXPECT_EQ(figures.ports[model::PortIndex(0)].analysed + figures.ports[model::PortIndex(1)].analysed,
                  frames.size());
        for (const WorkerFigures& worker : figures.workers) {
            EXPECT_GT(worker.frames, 0U) << "a worker without a flow";
            EXPECT_EQ(worker.records_waiting, 0U);
            EXPECT_EQ(worker.records_published, worker.records_consumed + worker.records_dropped);
        }
    }
}

// The consumer stands still, frames come as fast as they are taken, and somebody looks at the figures all the time.
TEST(LiveWorkers, CloseEveryFigureAtAnyMoment) {
    const auto frames = frames_of(conversations(2000, 30));
    for (const std::size_t sources : {1U, 2U}) {
        SCOPED_TRACE(sources);
        std::atomic<bool> released{false};
        Told told;
        RecordConsumer consumer = told.consumer();
        consumer.on_record = [&](const model::RecordView& record) {
            for (int i = 0; i < 60'000 && !released.load(); ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            told.take(record);
        };
        LivePipelineConfig config;
        config.workers = 2;
        config.ring_bytes = 1U << 20;
        const auto pipeline = make_live(config, std::move(consumer));
        std::vector<std::unique_ptr<Player>> players;
        for (std::size_t i = 0; i < sources; ++i) players.push_back(std::make_unique<Player>(frames, i, sources));

        std::atomic<bool> ended{false};
        std::uint64_t looks = 0;
        std::thread looking([&] {
            for (; !ended.load(); ++looks) {
                const LiveFigures figures = pipeline->figures();
                for (std::size_t port = 0; port < 2; ++port) {
                    std::uint64_t known = figures.ports[model::PortIndex(port)].analysed;
                    for (std::uint64_t dropped : figures.ports[model::PortIndex(port)].dropped) known += dropped;
                    std::uint64_t received = 0;
                    for (const auto& player : players) received += player->received[port].load();
                    ASSERT_LE(known, received);
                }
                for (const WorkerFigures& worker : figures.workers) {
                    ASSERT_EQ(worker.records_published,
                              worker.records_consumed + worker.records_dropped + worker.records_waiting);
                    ASSERT_LE(worker.records_waiting, worker.records_published);
                    ASSERT_LE(worker.busy_ratio, 1.0);
                }
                bool all = true;
                for (const auto& player : players) all = all && player->done.load();
                if (all) released.store(true);
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            }
        });
        play(*pipeline, players, false);
        ended.store(true);
        looking.join();
        EXPECT_GT(looks, 3U);

        const LiveFigures figures = pipeline->figures();
        const auto full = static_cast<std::size_t>(PortDrop::dispatch_full);
        std::uint64_t dropped = 0;
        for (std::size_t port = 0; port < 2; ++port) {
            std::uint64_t received = 0;
            for (const auto& player : players) received += player->received[port].load();
            EXPECT_EQ(
                figures.ports[model::PortIndex(port)].analysed + figures.ports[model::PortIndex(port)].dropped[full],
                received);
            dropped += figures.ports[model::PortIndex(port)].dropped[full];
        }
        EXPECT_EQ(told.packets + dropped, frames.size()) << "flows lose no byte of what was analysed";
        std::uint64_t ring_full = 0;
        for (const WorkerFigures& worker : figures.workers) ring_full += worker.ring_full;
        EXPECT_GT(ring_full, 0U) << "the ring was never full: the test shows nothing";
    }
}

TEST(LiveWorkers, BeatWhileNothingArrives) {
    Told told;
    LivePipelineConfig config;
    config.workers = 2;
    const auto pipeline = make_live(config, told.consumer());
    const std::vector<support::TimedFrame> none;
    std::vector<std::unique_ptr<Player>> players;
    players.push_back(std::make_unique<Player>(none));
    std::atomic<bool> stop{false};
    std::thread running([&] { EXPECT_TRUE(pipeline->run(*players[0], stop)); });
    std::vector<std::uint64_t> before(3, 0);
    const auto beats = [&] {
        const LiveFigures figures = pipeline->figures();
        return std::vector<std::uint64_t>{figures.workers[0].heartbeat, figures.workers[1].heartbeat,
                                          figures.poller_heartbeat};
    };
    for (int round = 0; round < 3; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const std::vector<std::uint64_t> now = beats();
        for (std::size_t i = 0; i < now.size(); ++i) EXPECT_GT(now[i], before[i]) << i;
        before = now;
    }
    const LiveFigures figures = pipeline->figures();
    EXPECT_GT(figures.workers[0].running_ns, 0U);
    EXPECT_LT(figures.workers[0].busy_ratio, 0.5);
    EXPECT_EQ(figures.workers[0].flows_limit, LivePipelineConfig().tracking.flows);
    EXPECT_GT(figures.workers[0].queue_limit, 0U);
    stop.store(true);
    running.join();
}

// The worker cannot go on; its lane fills, and the polling thread does not wait.
TEST(LiveDispatcher, DropsForAFullLaneAndCountsByPort) {
    const auto frames = frames_of(conversations(50, 1));
    FrameLane lane(2, 64 * 1024);
    LiveDispatcher dispatcher({&lane}, {1, 2}, 4, LiveDispatcher::WhenFull::drop);
    Player player(frames);
    model::FrameBatch batch;
    while (player.poll(batch) == PollStatus::frames) {
        dispatcher.dispatch(batch);
        player.release(batch);
    }
    std::uint64_t taken = 0;
    LaneBatch* received = nullptr;
    while (lane.receive(received)) taken += received->frames.count;
    EXPECT_GT(taken, 0U);
    EXPECT_GT(dispatcher.full()[model::PortIndex(0)], 0U);
    EXPECT_GT(dispatcher.full()[model::PortIndex(1)], 0U);
    EXPECT_EQ(taken + dispatcher.full()[model::PortIndex(0)] + dispatcher.full()[model::PortIndex(1)], frames.size());
}

TEST(Published, IsReadWhole) {
    struct Values {
        std::array<std::uint64_t, 100> words{};
    };
    Published<Values> published;
    std::atomic<bool> ended{false};
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!ended.load()) {
            const Values seen = published.read();
            for (std::uint64_t word : seen.words) ASSERT_EQ(word, seen.words[0]);
            ASSERT_GE(seen.words[0], last);
            last = seen.words[0];
        }
    });
    Values values;
    for (std::uint64_t i = 1; i < 20'000; ++i) {
        values.words.fill(i);
        published.publish(values);
    }
    ended.store(true);
    reader.join();
    EXPECT_EQ(published.read().words[99], 19'999U);
}

}  // namespace
}  // namespace telltale::pipeline
