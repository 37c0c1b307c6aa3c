// SPDX-License-Identifier: Apache-2.0
#include "sensor/track/tracker.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/track/packets.h"

namespace telltale::track {
namespace {

using base::kSecondNs;
using model::Direction;
using model::RecordKind;
using model::RecordView;
using testing::kStartNs;
using testing::packet;
using testing::TestPacket;

// A tracker, a clock and all records that it has made.
struct Bench {
    explicit Bench(TrackerConfig config = small()) : tracker(config) { go_to(0); }

    static TrackerConfig small() {
        TrackerConfig config;
        config.hash_key = {1, 2};
        config.flows = 64;
        config.stream_buffers = 4;
        return config;
    }

    void go_to(double seconds) {
        now_ns = kStartNs + static_cast<std::int64_t>(seconds * 1e9);
        const std::int64_t second = base::floor_to(now_ns, kSecondNs);
        if (second == clock_ns) return;
        clock_ns = second;
        tracker.advance(second, model::Order::of_frame(frames + 1).step_before());
        while (!tracker.drain(out, 1000)) testing::take(out, records);
        testing::take(out, records);
    }
    FlowSlot* feed(TestPacket made) {
        FlowSlot* flow = tracker.track(made.at(++frames, now_ns).see(), direction, out);
        testing::take(out, records);
        return flow;
    }
    void finish() {
        while (!tracker.finish(model::Order::of_frame(frames).end(), out)) testing::take(out, records);
        testing::take(out, records);
    }
    // "start" "delta" "final" "end" in the order made; forgets them.
    std::string kinds() {
        std::string text;
        for (const RecordView& record : testing::views(records)) {
            if (!text.empty()) text += ' ';
            switch (record.header().kind) {
                case RecordKind::flow_start: text += "start"; break;
                case RecordKind::flow_delta: text += record.flow_delta().final ? "final" : "delta"; break;
                case RecordKind::interval_end: text += "end"; break;
                default: text += "?";
            }
        }
        records.clear();
        return text;
    }
    std::vector<RecordView> seen() const { return testing::views(records); }

    Tracker tracker;
    model::RecordBuffer out{256 * 1024};
    std::vector<std::vector<std::uint8_t>> records;
    std::int64_t now_ns = 0;
    std::int64_t clock_ns = 0;
    std::uint64_t frames = 0;
    Direction direction = Direction::a_to_b;
};

constexpr std::uint8_t kTcp = model::kProtocolTcp, kUdp = model::kProtocolUdp, kIcmp = model::kProtocolIcmp;

TEST(Tracker, ReportsBothDirectionsOfAFlow) {
    Bench bench;
    bench.feed(packet(kUdp, 1, false, 100));
    bench.go_to(1.5);
    bench.feed(packet(kUdp, 1, true, 300));
    bench.go_to(60);
    ASSERT_EQ(bench.records.size(), 3U);
    const std::vector<RecordView> records = bench.seen();
    const model::RecordHeader& start = records[0].header();
    EXPECT_EQ(start.kind, RecordKind::flow_start);
    EXPECT_EQ(start.order, model::Order::of_frame(1));
    EXPECT_EQ(start.time_ns, kStartNs);
    EXPECT_EQ(start.source_port(), 40000);
    EXPECT_EQ(start.source_mac.bytes[5], 0xaa);
    EXPECT_EQ(start.destination_mac.bytes[5], 0xbb);
    EXPECT_EQ(start.ttl, 64);
    EXPECT_NE(start.flow.serial, 0U);

    const model::RecordHeader& header = records[1].header();
    const model::FlowDelta delta = records[1].flow_delta();
    EXPECT_EQ(header.kind, RecordKind::flow_delta);
    EXPECT_EQ(header.flow, start.flow);
    EXPECT_EQ(header.order, model::Order::of_frame(3).step_before());
    EXPECT_EQ(delta.packets, (std::array<std::uint64_t, 2>{1, 1}));
    EXPECT_EQ(delta.bytes, (std::array<std::uint64_t, 2>{100, 300}));
    EXPECT_EQ(delta.payload_bytes, (std::array<std::uint64_t, 2>{60, 260}));
    EXPECT_EQ(delta.first_ns, kStartNs);
    EXPECT_EQ(delta.last_ns, kStartNs + 1'500'000'000);
    EXPECT_EQ(delta.interval_start_ns, kStartNs);
    EXPECT_FALSE(delta.final);

    EXPECT_EQ(records[2].header().kind, RecordKind::interval_end);
    EXPECT_EQ(records[2].header().time_ns, kStartNs + 60 * kSecondNs);
    EXPECT_EQ(records[2].header().order, header.order);
    EXPECT_EQ(records[2].header().flow.serial, 0U);
}

TEST(Tracker, SaysWhoOpenedTheFlow) {
    struct Case {
        const char* description;
        TestPacket first;
        Direction initiator;
        std::uint8_t mac, ttl;
    };
    const std::uint8_t syn_ack = model::kTcpSyn | model::kTcpAck;
    // 10.0.0.1 is the smaller address: a_to_b is from the client.
    Case cases[] = {
        {"SYN", packet(kTcp, 1).flags(model::kTcpSyn), Direction::a_to_b, 0xaa, 64},
        {"SYN from the other side", packet(kTcp, 1, true).flags(model::kTcpSyn), Direction::b_to_a, 0xbb, 50},
        {"SYN-ACK means the other side", packet(kTcp, 1, true).flags(syn_ack), Direction::a_to_b, 0xaa, 0},
        {"midstream: who sends first", packet(kTcp, 1, true), Direction::b_to_a, 0xbb, 50},
        {"UDP: who sends first", packet(kUdp, 1, true), Direction::b_to_a, 0xbb, 50},
    };
    for (const Case& test : cases) {
        Bench bench;
        ASSERT_NE(bench.feed(test.first), nullptr);
        const model::RecordHeader header = bench.seen().front().header();
        EXPECT_EQ(header.direction, test.initiator) << test.description;
        EXPECT_EQ(header.source_mac.bytes[5], test.mac) << test.description;
        EXPECT_EQ(header.ttl, test.ttl) << test.description;
    }
}

TEST(Tracker, ClosesIdleFlows) {
    struct Case {
        const char* description;
        TestPacket made;
        double alive, gone;
    };
    Case cases[] = {
        {"TCP", packet(kTcp, 1), 299, 300},
        {"TCP after RST", packet(kTcp, 1).flags(model::kTcpRst), 29, 30},
        {"UDP", packet(kUdp, 1), 119, 120},
        {"ICMP", packet(kIcmp, 1), 59, 60},
    };
    for (const Case& test : cases) {
        {
            Bench bench;
            bench.feed(test.made);
            for (int second = 1; second <= test.alive; ++second) bench.go_to(second);
            EXPECT_EQ(bench.tracker.counters().flows_active, 1U) << test.description << ": early";
            bench.go_to(test.gone);
            EXPECT_EQ(bench.tracker.counters().flows_active, 0U) << test.description << ": by the timer";
        }
        {
            Bench bench;
            const FlowSlot* flow = bench.feed(test.made);
            const std::uint32_t serial = flow->serial;
            bench.now_ns = kStartNs + static_cast<std::int64_t>(test.gone * 1e9) - 1;
            EXPECT_EQ(bench.feed(test.made)->serial, serial) << test.description << ": just in time";
            bench.now_ns += static_cast<std::int64_t>(test.gone * 1e9);
            EXPECT_NE(bench.feed(test.made)->serial, serial) << test.description << ": by packet time";
            EXPECT_EQ(bench.kinds(), "start final start") << test.description;
        }
    }
}

TEST(Tracker, APacketThatComesLateDoesNotAgeTheFlow) {
    Bench bench;
    bench.go_to(50);
    const std::uint32_t serial = bench.feed(packet(kUdp, 1))->serial;
    bench.now_ns = kStartNs;  // less than a minute behind: the clock stays
    bench.feed(packet(kUdp, 1));
    bench.now_ns = kStartNs + 169 * kSecondNs;
    FlowSlot* flow = bench.feed(packet(kUdp, 1));
    EXPECT_EQ(flow->serial, serial);
    EXPECT_EQ(flow->last_ns, bench.now_ns);
}

TEST(Tracker, ANewConnectionAfterTheOldOneIsANewFlow) {
    Bench bench;
    const auto syn = [](std::uint32_t sequence) { return packet(kTcp, 1).flags(model::kTcpSyn, sequence); };
    bench.feed(syn(1000));
    bench.feed(syn(5000));  // the first is not over: whatever this is, it is not a new connection
    bench.feed(syn(1000));
    bench.feed(packet(kTcp, 1).flags(model::kTcpFin | model::kTcpAck));
    bench.feed(syn(2000));
    EXPECT_EQ(bench.kinds(), "start") << "one FIN does not end it";
    bench.feed(syn(1000));
    bench.feed(packet(kTcp, 1, true).flags(model::kTcpFin | model::kTcpAck));
    bench.feed(syn(1000));
    EXPECT_EQ(bench.kinds(), "") << "a repeated SYN";
    bench.feed(packet(kTcp, 1));
    bench.feed(syn(3000));
    EXPECT_EQ(bench.kinds(), "final start");
    EXPECT_EQ(bench.tracker.counters().flows_closed_reopened, 1U);
}

TEST(Tracker, FinishReportsEverythingOnce) {
    Bench bench;
    for (std::uint32_t i = 0; i < 3; ++i) bench.feed(packet(kUdp, i));
    bench.kinds();
    bench.finish();
    EXPECT_EQ(bench.kinds(), "final final final end");
    bench.finish();
    EXPECT_EQ(bench.kinds(), "");
    EXPECT_EQ(bench.tracker.counters().flows_closed_end, 3U);
    EXPECT_EQ(bench.tracker.counters().flows_active, 0U);
}

TEST(Tracker, AFullTableEvictsASilentFlow) {
    TrackerConfig config = Bench::small();
    config.flows = 8;
    Bench bench(config);
    std::set<std::uint32_t> serials;
    for (std::uint32_t i = 0; i < 8; ++i) {
        bench.now_ns += 1000;
        serials.insert(bench.feed(packet(kUdp, i))->serial);
    }
    bench.now_ns += 1000;
    bench.feed(packet(kUdp, 0));  // the oldest has spoken again
    bench.kinds();
    serials.insert(bench.feed(packet(kUdp, 100))->serial);
    ASSERT_EQ(bench.records.size(), 2U);
    EXPECT_EQ(bench.seen()[0].header().source().bytes[15], 1) << "least recently used";
    EXPECT_EQ(bench.kinds(), "final start");
    EXPECT_EQ(serials.size(), 9U);

    // Without room for the final delta nothing is lost: the packet is counted apart.
    model::RecordBuffer none(model::kMaxRecordBytes - 1);
    TestPacket made = packet(kUdp, 200, false, 77);
    EXPECT_EQ(bench.tracker.track(made.at(99, bench.now_ns).see(), bench.direction, none), nullptr);
    EXPECT_EQ(bench.tracker.counters().untracked_packets, 1U);
    EXPECT_EQ(bench.tracker.counters().untracked_bytes, 77U);
    EXPECT_EQ(bench.tracker.counters().flows_active, 8U);
}

TEST(Tracker, RecordsWithoutRoomAreOwed) {
    Bench bench;
    model::RecordBuffer none(model::kMaxRecordBytes - 1);
    TestPacket made = packet(kUdp, 1);
    FlowSlot* flow = bench.tracker.track(made.at(1, bench.now_ns).see(), bench.direction, none);
    ASSERT_NE(flow, nullptr);
    EXPECT_FALSE(flow->announced);
    bench.frames = 1;
    bench.feed(made);
    EXPECT_TRUE(flow->announced);
    EXPECT_EQ(bench.kinds(), "start");
    made.at(3, bench.now_ns);
    bench.tracker.advance(kStartNs + 61 * kSecondNs, model::Order::of_frame(3).step_after());
    EXPECT_FALSE(bench.tracker.drain(none, 10));
    EXPECT_FALSE(bench.tracker.drain(bench.out, 0)) << "the budget";
    // A packet of the next interval comes before there was room: it goes with the delta, and is counted.
    bench.tracker.track(made.see(), bench.direction, none);
    EXPECT_EQ(bench.tracker.counters().late_packets, 1U);
    EXPECT_TRUE(bench.tracker.drain(bench.out, 10));
    EXPECT_TRUE(bench.tracker.drain(bench.out, 10));
    testing::take(bench.out, bench.records);
    ASSERT_EQ(bench.records.size(), 2U);
    EXPECT_EQ(bench.seen()[0].flow_delta().packets[0], 3U);
    EXPECT_EQ(bench.seen()[0].flow_delta().interval_start_ns, kStartNs);
    EXPECT_EQ(bench.kinds(), "delta end");
}

TEST(Tracker, AClockThatJumpsBackNeitherHangsNorExpiresFlows) {
    Bench bench;
    const std::uint32_t serial = bench.feed(packet(kUdp, 1))->serial;
    bench.go_to(-86400);
    EXPECT_EQ(bench.kinds(), "start delta end");
    EXPECT_EQ(bench.tracker.counters().clock_rebased, 1U);
    FlowSlot* flow = bench.feed(packet(kUdp, 1));
    EXPECT_EQ(flow->serial, serial) << "not expired";
    EXPECT_EQ(flow->last_ns, bench.now_ns);
    bench.go_to(-86400 + 119);
    EXPECT_EQ(bench.tracker.counters().flows_active, 1U);
    bench.kinds();
    bench.go_to(-86400 + 121);
    EXPECT_EQ(bench.tracker.counters().flows_active, 0U) << "does not hang";
    const model::FlowDelta delta = bench.seen().front().flow_delta();
    EXPECT_LE(delta.first_ns, delta.last_ns);
}

// 20,000 five-tuples that collide under an unkeyed CRC or any linear hash of addresses and ports.
TEST(Tracker, CraftedKeysAreAllInserted) {
    TrackerConfig config = Bench::small();
    config.flows = 20'000;
    Bench bench(config);
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        TestPacket made = packet(kUdp, 1);
        const std::uint16_t port = static_cast<std::uint16_t>(i);
        made.view.source_port = static_cast<std::uint16_t>(1024 + port % 16384);
        made.view.destination_port = static_cast<std::uint16_t>(~made.view.source_port);
        made.view.source.bytes[13] = made.view.destination.bytes[13] = static_cast<std::uint8_t>(i / 16384);
        ASSERT_NE(bench.feed(made), nullptr);
    }
    EXPECT_EQ(bench.tracker.counters().flows_opened, 20'000U);
    EXPECT_EQ(bench.tracker.counters().flows_active, 20'000U);
    EXPECT_EQ(bench.tracker.counters().flows_closed_evicted, 0U);
}

TEST(Tracker, PreparedBatchesGiveTheSameFlows) {
    Bench bench;
    std::vector<TestPacket> made;
    for (std::uint32_t i = 0; i < model::kBatchFrames; ++i) made.push_back(packet(kUdp, i % 5, i % 3 == 0));
    made[7].view.network = model::Network::arp;
    std::vector<model::PacketView> batch;
    for (TestPacket& one : made) batch.push_back(one.at(++bench.frames, bench.now_ns).see());
    bench.tracker.prepare(batch);
    for (const model::PacketView& view : batch) {
        if (!view.has_ip()) continue;
        FlowSlot* flow = bench.tracker.track(view, bench.direction, bench.out);
        ASSERT_NE(flow, nullptr);
        EXPECT_TRUE(flow->key == model::flow_place(view).key);
        EXPECT_EQ(bench.direction, model::flow_place(view).direction);
    }
    EXPECT_EQ(bench.tracker.counters().flows_active, 5U);
    EXPECT_EQ(bench.tracker.counters().packets, model::kBatchFrames - 1);
}

TEST(Tracker, OriginDescribesThePacket) {
    Bench bench;
    TestPacket made = packet(kTcp, 1, true);
    made.view.vlan = {7, 0};
    made.view.vlan_count = 1;
    FlowSlot* flow = bench.feed(made);
    made.at(5, kStartNs + 1);
    const model::RecordHeader header = bench.tracker.origin(*flow, made.see(), bench.direction);
    EXPECT_EQ(header.order, model::Order::of_frame(5));
    EXPECT_EQ(header.time_ns, kStartNs + 1);
    EXPECT_EQ(header.flow, bench.tracker.ref(*flow));
    EXPECT_EQ(header.source_port(), 443);
    EXPECT_EQ(header.source_mac.bytes[5], 0xbb);
    EXPECT_EQ(header.vlan[0], 7);
    EXPECT_EQ(header.vlan_count, 1);
    EXPECT_EQ(header.ttl, 50);
}

}  // namespace
}  // namespace telltale::track
