// SPDX-License-Identifier: Apache-2.0
// Taps and the pipeline together, on devices that need no network card.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sensor/capture/capture_files.h"
#include "tests/support/capture_writer.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scenario.h"
#include "tests/unit/pipeline/pipeline_harness.h"

namespace telltale::pipeline {
namespace {

class TapsPipeline : public ::testing::Test {
  protected:
    void SetUp() override {
#ifdef __SANITIZE_THREAD__
        GTEST_SKIP() << "DPDK is not built for ThreadSanitizer";
#endif
        folder_ = std::filesystem::temp_directory_path() / ("telltale-taps-" + std::to_string(getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, std::vector<support::TimedFrame> frames) const {
        const std::string path = (folder_ / name).string();
        support::write_capture_file(path, std::move(frames), {});
        return path;
    }
    static std::unique_ptr<capture::Taps> open(const std::vector<std::string>& devices, std::size_t workers = 1,
                                               bool drop_duplicates = false) {
        capture::TapConfig tap;
        tap.name = "tap";
        tap.drop_duplicates = drop_duplicates;
        for (const std::string& device : devices) tap.ports.push_back({device});
        capture::DpdkConfig dpdk;
        dpdk.buffers = 8192;  // a file that is played for ever is in buffers
        auto taps = capture::Taps::open(dpdk, {tap}, workers);
        if (!taps) throw std::runtime_error(taps.error().text);
        return std::move(*taps);
    }

    std::filesystem::path folder_;
};

std::vector<support::TimedFrame> scenario(const char* name, std::uint64_t packets) {
    std::vector<support::TimedFrame> frames;
    support::Truth truth;
    support::write_scenario(
        name, {.seed = 3, .packets = packets}, [&](support::TimedFrame&& frame) { frames.push_back(std::move(frame)); },
        truth);
    for (support::TimedFrame& frame : frames) frame.time_ns -= frame.time_ns % 1000;
    return frames;
}

void read_file(const std::string& path, Tally& tally) {
    const auto pipeline = make_pipeline({}, tally);
    auto files = capture::CaptureFiles::open({path}, {});
    if (!files) throw std::runtime_error("no file");
    EXPECT_TRUE(pipeline->run(**files));
}

// Until `frames` have been analysed or dropped, or a minute has gone.
template <typename Look>
void run_until(Pipeline& pipeline, capture::Taps& taps, std::uint64_t frames, Look&& look) {
    std::atomic<bool> stop{false};
    std::thread watch([&] {
        for (int i = 0; i < 6000; ++i) {
            std::uint64_t known = 0;
            for (const PortAccount& account : pipeline.accounts(taps)) {
                EXPECT_EQ(account.port.received, account.counts.analysed + account.dropped + account.in_flight);
                EXPECT_LT(account.in_flight, std::uint64_t{1} << 40) << "more analysed than received";
                known += account.counts.analysed + account.dropped;
            }
            look();
            if (known >= frames) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        stop.store(true);
    });
    EXPECT_TRUE(pipeline.run(taps, stop));
    watch.join();
    for (const PortAccount& account : pipeline.accounts(taps)) {
        EXPECT_EQ(account.in_flight, 0U) << account.port.device;
        EXPECT_EQ(account.port.received, account.counts.analysed + account.dropped);
        EXPECT_EQ(account.port.received, account.port.driver_received) << account.port.device;
    }
}

TEST_F(TapsPipeline, AFileOnAPortTellsWhatReadTells) {
    const auto frames = scenario("office-day", 5000);
    const std::string file = write("day.pcap", frames);
    Tally wanted;
    read_file(file, wanted);
    ASSERT_GT(wanted.packets, 4000U);
    for (const std::size_t workers : {1U, 2U}) {
        SCOPED_TRACE(workers);
        Tally tally;
        const auto taps = open({"net_pcap0,rx_pcap=" + file}, workers);
        PipelineConfig config;
        config.workers = workers;
        config.policy = policy_for(*taps);
        const auto pipeline = make_pipeline(config, tally);
        run_until(*pipeline, *taps, frames.size(), [] {});
        EXPECT_EQ(tally.packets, wanted.packets);
        EXPECT_EQ(tally.flows, wanted.flows);
        if (workers == 1) {
            EXPECT_EQ(tally.kinds, wanted.kinds);
        }
        EXPECT_EQ(pipeline->figures().total.records_lost(), 0U);
    }
}

TEST_F(TapsPipeline, TwoPortsOfATapAreOne) {
    const auto frames = scenario("office-day", 5000);
    std::vector<support::TimedFrame> sides[2];
    for (const support::TimedFrame& frame : frames) sides[frame.bytes[11] % 2].push_back(frame);  // by source MAC
    ASSERT_GT(sides[0].size(), 100U);
    ASSERT_GT(sides[1].size(), 100U);
    // At equal times the first port's frames go first, in the file as well.
    std::vector<support::TimedFrame> merged = sides[0];
    merged.insert(merged.end(), sides[1].begin(), sides[1].end());
    std::stable_sort(merged.begin(), merged.end(),
                     [](const auto& left, const auto& right) { return left.time_ns < right.time_ns; });
    Tally wanted;
    read_file(write("both.pcap", merged), wanted);
    Tally tally;
    const auto taps =
        open({"net_pcap0,rx_pcap=" + write("a.pcap", sides[0]), "net_pcap1,rx_pcap=" + write("b.pcap", sides[1])});
    PipelineConfig config;
    config.policy = policy_for(*taps);
    const auto pipeline = make_pipeline(config, tally);
    run_until(*pipeline, *taps, frames.size(), [] {});
    EXPECT_EQ(tally.flows, wanted.flows);
    EXPECT_EQ(tally.kinds, wanted.kinds);
}

// A mirror port that gives every packet twice, under each kind of VLAN tag and under two tags.
TEST_F(TapsPipeline, CopiesAreDroppedUnderEveryTag) {
    constexpr std::size_t kPackets = 10;
    using Tag = support::Bytes;
    const Tag q{0x81, 0, 0, 7}, ad{0x88, 0xa8, 0, 7}, before_ad{0x91, 0, 0, 7};
    const std::vector<std::vector<Tag>> stacks = {{}, {q}, {ad}, {before_ad}, {ad, q}, {before_ad, before_ad}};
    for (std::size_t stack = 0; stack < stacks.size(); ++stack) {
        SCOPED_TRACE(stack);
        std::vector<support::TimedFrame> frames;
        for (std::size_t i = 0; i < 2 * kPackets; ++i) {
            support::TimedFrame frame = support::Packet()
                                            .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                                            .ipv4("10.0.0.1", "192.0.2.7")
                                            .udp(40000, 53)
                                            .payload("packet " + std::to_string(i / 2))
                                            .at(1'700'000'000'000'000'000 + i * 1000)
                                            .frame();
            for (auto tag = stacks[stack].rbegin(); tag != stacks[stack].rend(); ++tag) {
                frame.bytes.insert(frame.bytes.begin() + 12, tag->begin(), tag->end());
            }
            frames.push_back(std::move(frame));
        }
        Tally tally;
        const auto taps =
            open({"net_pcap0,rx_pcap=" + write(std::to_string(stack) + ".pcap", frames)}, 1, /*drop_duplicates=*/true);
        PipelineConfig config;
        config.policy = policy_for(*taps);
        const auto pipeline = make_pipeline(config, tally);
        run_until(*pipeline, *taps, frames.size(), [] {});
        const PortAccount account = pipeline->accounts(*taps).front();
        EXPECT_EQ(account.counts.analysed, kPackets);
        EXPECT_EQ(account.counts.dropped[PortDrop::duplicate], kPackets);
    }
}

TEST_F(TapsPipeline, WhatIsIgnoredIsCountedByName) {
    const auto frames = scenario("office-day", 2000);
    Tally tally;
    const auto taps = open({"net_pcap0,rx_pcap=" + write("day.pcap", frames)});
    PipelineConfig config;
    config.policy = policy_for(*taps);
    config.filter.capture_filter = "not udp";
    const auto pipeline = make_pipeline(config, tally);
    run_until(*pipeline, *taps, frames.size(), [] {});
    const PortAccount account = pipeline->accounts(*taps).front();
    EXPECT_GT(account.counts.dropped[PortDrop::capture_filter], 100U);
    EXPECT_GT(account.counts.analysed, 100U);
    EXPECT_EQ(account.dropped + account.counts.analysed, frames.size());
}

// A port that never runs dry, a consumer that does nothing, and two workers behind a dispatcher.
TEST_F(TapsPipeline, FullLoadClosesEveryFigure) {
    for (const std::size_t workers : {1U, 2U}) {
        SCOPED_TRACE(workers);
        std::atomic<bool> released{false};
        Watcher consumer([&](const model::RecordView&) {
            for (int i = 0; i < 10'000 && !released.load(); ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        });
        const auto file = write("loop.pcap", scenario("office-day", 500));
        const auto taps = open({"net_pcap0,rx_pcap=" + file + ",infinite_rx=1", "net_null0,size=60"}, workers);
        PipelineConfig config;
        config.workers = workers;
        config.policy = policy_for(*taps);
        config.ring_bytes = 1U << 20;
        const auto pipeline = make_pipeline(config, consumer);
        std::uint64_t looks = 0;
        run_until(*pipeline, *taps, 2'000'000, [&] {
            ++looks;
            released.store(looks > 20);
        });
        EXPECT_GT(looks, 1U);
        for (const WorkerFigures& worker : pipeline->figures().workers) {
            EXPECT_EQ(worker.records_waiting, 0U);
            EXPECT_EQ(worker.records_published, worker.records_consumed + worker.records_dropped);
        }
    }
}

}  // namespace
}  // namespace telltale::pipeline
