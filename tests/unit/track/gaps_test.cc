// SPDX-License-Identifier: Apache-2.0
// The estimate of loss by TCP's sequence numbers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/track/packets.h"

namespace telltale::track {
namespace {

struct Segment {
    std::uint32_t sequence;
    std::uint32_t length;
    std::uint8_t flags = model::kTcpAck;
    bool back = false;
    bool fragment = false;
};

struct Case {
    std::string description;
    std::vector<Segment> segments;
    std::uint64_t gaps, gap_bytes, filled_bytes;
};

TEST(Gaps, CountBytesThatAreMissingUntilTheyCome) {
    constexpr std::uint32_t kWrap = 0xffffff00;
    const std::vector<Case> cases = {
        {"in order", {{100, 10}, {110, 10}, {120, 10}}, 0, 0, 0},
        {"behind the SYN", {{99, 0, model::kTcpSyn}, {100, 10}, {110, 5}}, 0, 0, 0},
        {"lost behind the SYN", {{99, 0, model::kTcpSyn}, {150, 10}}, 1, 50, 0},
        {"one segment lost", {{100, 10}, {120, 10}, {130, 10}}, 1, 10, 0},
        {"two places lost", {{100, 10}, {120, 10}, {140, 10}}, 2, 20, 0},
        {"exchanged", {{100, 10}, {120, 10}, {110, 10}, {130, 10}}, 1, 10, 10},
        {"sent again in part", {{100, 10}, {130, 10}, {110, 10}, {140, 10}}, 1, 20, 10},
        {"repeated without a gap", {{100, 10}, {100, 10}, {110, 10}}, 0, 0, 0},
        {"repeated with more behind", {{100, 10}, {100, 30}, {130, 10}}, 0, 0, 0},
        {"keep-alives", {{100, 10}, {109, 1}, {109, 0}, {110, 10}}, 0, 0, 0},
        {"acknowledgements carry no bytes", {{100, 10}, {500, 0}, {110, 10}}, 0, 0, 0},
        {"sides apart", {{100, 10}, {900, 10, model::kTcpAck, true}, {110, 10}, {910, 1, 0, true}}, 0, 0, 0},
        {"round the end of the numbers", {{kWrap, 0x100}, {0, 10}, {10, 10}}, 0, 0, 0},
        {"a gap round the end of the numbers", {{kWrap, 0x80}, {0x10, 10}}, 1, 0x90, 0},
        {"a jump is no gap", {{100, 10}, {0x40000000, 10}, {0x4000000a, 10}}, 0, 0, 0},
        {"a fragment's rest is not seen here", {{100, 10}, {110, 10, 0, false, true}, {300, 10}}, 0, 0, 0},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.description);
        TrackerConfig config;
        config.hash_key = {1, 2};
        config.flows = 64;
        config.stream_buffers = 4;
        Tracker tracker(config);
        tracker.advance(testing::kStartNs, model::Order::of_frame(1).step_before());
        model::RecordBuffer out(256 * 1024);
        std::uint64_t frames = 0;
        for (const Segment& segment : test.segments) {
            testing::TestPacket made = testing::packet(model::kProtocolTcp, 1, segment.back, 40 + segment.length);
            made.flags(segment.flags, segment.sequence).at(++frames, testing::kStartNs);
            made.view.fragment = made.view.first_fragment = segment.fragment;
            model::Direction direction{};
            ASSERT_NE(tracker.track(made.see(), direction, out), nullptr);
        }
        EXPECT_EQ(tracker.counters().tcp_gaps, test.gaps);
        EXPECT_EQ(tracker.counters().tcp_gap_bytes, test.gap_bytes);
        EXPECT_EQ(tracker.counters().tcp_gap_filled_bytes, test.filled_bytes);
    }
}

TEST(Gaps, AreOfAFlowAndNotOfTheOneThatHadItsAddressesBefore) {
    TrackerConfig config;
    config.hash_key = {1, 2};
    config.flows = 64;
    config.stream_buffers = 4;
    Tracker tracker(config);
    tracker.advance(testing::kStartNs, model::Order::of_frame(1).step_before());
    model::RecordBuffer out(256 * 1024);
    model::Direction direction{};
    const auto feed = [&](std::uint8_t flags, std::uint32_t sequence, std::uint32_t length) {
        testing::TestPacket made = testing::packet(model::kProtocolTcp, 1, false, 40 + length);
        tracker.track(made.flags(flags, sequence).at(1, testing::kStartNs).see(), direction, out);
    };
    feed(model::kTcpSyn, 100, 0);
    feed(model::kTcpAck, 101, 10);
    feed(model::kTcpRst, 111, 0);
    feed(model::kTcpSyn, 5000, 0);
    feed(model::kTcpAck, 5001, 10);
    EXPECT_EQ(tracker.counters().flows_opened, 2U);
    EXPECT_EQ(tracker.counters().tcp_gap_bytes, 0U);
}

TEST(TapSides, TellConnectionsThatAreHeardFromOneSideOnly) {
    struct {
        std::string description;
        std::uint32_t client;
        std::vector<Segment> segments;
    } const flows[] = {
        {"both sides", 1, {{1, 0, model::kTcpSyn}, {9, 0, model::kTcpSyn | model::kTcpAck, true}}},
        {"one side", 2, {{1, 0, model::kTcpSyn}, {2, 50}, {52, 50}}},
        {"nobody answers", 3, {{1, 0, model::kTcpSyn}, {1, 0, model::kTcpSyn}}},
    };
    TrackerConfig config;
    config.hash_key = {1, 2};
    config.flows = 64;
    config.stream_buffers = 4;
    Tracker tracker(config);
    tracker.advance(testing::kStartNs, model::Order::of_frame(1).step_before());
    model::RecordBuffer out(256 * 1024);
    for (const auto& flow : flows) {
        for (const Segment& segment : flow.segments) {
            testing::TestPacket made =
                testing::packet(model::kProtocolTcp, flow.client, segment.back, 40 + segment.length);
            made.frame.tap = model::TapIndex(3);
            model::Direction direction{};
            tracker.track(made.flags(segment.flags, segment.sequence).at(1, testing::kStartNs).see(), direction, out);
        }
    }
    ASSERT_TRUE(tracker.finish(model::Order::of_frame(9).end(), out));
    EXPECT_EQ(tracker.tap_sides()[model::TapIndex(3)].both_sides, 1U);
    EXPECT_EQ(tracker.tap_sides()[model::TapIndex(3)].one_side, 1U);
}

}  // namespace
}  // namespace telltale::track
