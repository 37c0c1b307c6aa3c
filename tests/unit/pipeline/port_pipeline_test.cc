// SPDX-License-Identifier: Apache-2.0
// Frames of a port: intervals end while nothing arrives, and a consumer that is too slow costs no flow a byte.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/dns_message.h"
#include "tests/unit/pipeline/frame_list.h"
#include "tests/unit/pipeline/pipeline_harness.h"

namespace telltale::pipeline {
namespace {

using capture::PollStatus;
using model::RecordKind;
using support::Packet;

// A port whose packets come in rounds, as fast as they are taken; behind them nothing arrives any more, and its clock
// goes on by `idle_step_ns` at every look.
class PortOfRounds final : public capture::FrameSource {
  public:
    PortOfRounds(const std::vector<Packet>& packets, std::size_t rounds, std::int64_t idle_step_ns)
        : rounds_(rounds), idle_step_ns_(idle_step_ns) {
        for (const Packet& packet : packets) frames_.push_back(packet.frame());
    }

    PollStatus poll(model::FrameBatch& batch) override {
        if (before_poll) before_poll(polls++);
        const bool idle = next_ == frames_.size() * rounds_;
        now_ns_ += idle ? idle_step_ns_ : 1'000'000;
        for (; !idle && next_ < frames_.size() * rounds_ && !batch.full(); ++next_) {
            const support::TimedFrame& timed = frames_[next_ % frames_.size()];
            model::Frame frame;
            frame.data = timed.bytes.data();
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(timed.bytes.size());
            frame.timestamp_ns = now_ns_;
            frame.order = order_ = order_.next_frame();
            bytes += timed.ip_length;
            batch.add(frame);
        }
        batch.clock_ns = base::floor_to(now_ns_, base::kSecondNs);
        if (!idle) return PollStatus::frames;
        batch.done = order_ = order_.next_frame();
        return PollStatus::nothing;
    }
    void release(model::FrameBatch& batch) override { batch.clear(); }

    std::function<void(std::size_t polls)> before_poll;
    std::uint64_t bytes = 0;
    std::size_t polls = 0;

  private:
    std::vector<support::TimedFrame> frames_;
    std::size_t rounds_;
    std::int64_t idle_step_ns_;
    std::size_t next_ = 0;
    std::int64_t now_ns_ = 1'772'524'800 * base::kSecondNs;
    model::Order order_ = model::Order::of_frame(1);
};

struct Ledger final : RecordConsumer {
    std::uint64_t packets = 0;
    std::uint64_t total = 0;
    std::vector<std::int64_t> interval_ends;
    std::size_t finals = 0;
    std::atomic<bool> stop{false};

    void on_record(const model::RecordView& record) override {
        if (before_record) before_record();
        if (record.header().kind != RecordKind::flow_delta) return;
        const model::FlowDelta delta = record.flow_delta();
        packets += delta.packets[0] + delta.packets[1];
        total += delta.bytes[0] + delta.bytes[1];
        finals += delta.final ? 1U : 0U;
    }
    void on_interval_end(std::int64_t end_ns) override {
        interval_ends.push_back(end_ns);
        if (after_interval) after_interval();
    }

    std::function<void()> before_record;
    std::function<void()> after_interval;
};

// One question from each of many clients: a flow and a message a packet.
std::vector<Packet> questions(std::uint16_t clients) {
    std::vector<Packet> packets;
    for (std::uint16_t i = 0; i < clients; ++i) {
        support::DnsMessage message(i);
        message.question("telemetry.example.com", support::DnsType::a);
        packets.push_back(Packet()
                              .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                              .ipv4("10.0.0.1", "192.0.2.7")
                              .udp(static_cast<std::uint16_t>(1024 + i), 53)
                              .payload(message.bytes()));
    }
    return packets;
}

TEST(PortPipeline, EndsIntervalsAndFlowsWhileNothingArrives) {
    Ledger seen;
    std::size_t finals_when_stopped = 0;
    seen.after_interval = [&] {
        if (seen.interval_ends.size() < 5) return;
        finals_when_stopped = seen.stop.load() ? finals_when_stopped : seen.finals;
        seen.stop.store(true);
    };
    PipelineConfig config;
    config.policy = kPort;
    config.tracking.flows = 1024;
    const auto pipeline = make_pipeline(config, seen);
    PortOfRounds port(questions(100), 3, base::kSecondNs);
    ASSERT_TRUE(pipeline->run({&port}, seen.stop));

    EXPECT_EQ(seen.packets, 300U);
    EXPECT_EQ(seen.total, port.bytes);
    ASSERT_GE(seen.interval_ends.size(), 5U);
    for (std::size_t i = 1; i < seen.interval_ends.size(); ++i) {
        EXPECT_GT(seen.interval_ends[i], seen.interval_ends[i - 1]);
    }
    EXPECT_EQ(finals_when_stopped, 100U) << "idle for longer than a UDP flow may be, before the run was ended";
    EXPECT_EQ(pipeline->figures().total.worker.frames, 300U);
}

TEST(PortPipeline, CountsEveryByteWhileTheConsumerStandsStill) {
    constexpr std::uint16_t kClients = 4000;
    constexpr std::size_t kRounds = 20;
    Ledger seen;
    std::atomic<bool> released{false};
    seen.before_record = [&] {
        for (int looks = 0; looks < 60'000 && !released.load(); ++looks) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    };
    PipelineConfig config;
    config.policy = kPort;
    config.tracking.flows = 8192;
    config.ring_bytes = 1U << 20;  // room for few of the records of one round
    const auto pipeline = make_pipeline(config, seen);
    PortOfRounds port(questions(kClients), kRounds, 1'000'000);
    constexpr std::size_t kFramePolls = kClients * kRounds / model::kBatchFrames;
    port.before_poll = [&](std::size_t polls) {
        if (polls == kFramePolls + 10) {  // all frames were taken, and nobody has waited for the consumer
            released.store(true);
            seen.stop.store(true);
        }
    };
    ASSERT_TRUE(pipeline->run({&port}, seen.stop));

    const PipelineTotals figures = pipeline->figures().total;
    EXPECT_EQ(figures.worker.frames, kClients * kRounds);
    EXPECT_GT(figures.worker.ring_full, 0U) << "the ring was never full: the test shows nothing";
    EXPECT_GT(figures.records_lost(), 0U) << "observations without room are counted";
    EXPECT_EQ(figures.track.packets, kClients * kRounds);
    EXPECT_EQ(seen.packets, kClients * kRounds);
    EXPECT_EQ(seen.total, port.bytes);
    EXPECT_EQ(seen.finals, kClients);
}

}  // namespace
}  // namespace telltale::pipeline
