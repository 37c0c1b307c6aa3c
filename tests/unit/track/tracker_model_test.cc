// SPDX-License-Identifier: Apache-2.0
// Random packet sequences against naive models: what is counted, when flows begin and end, and that neither depends on
// how the packets are spread over workers.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <tuple>

#include "sensor/track/record_order.h"
#include "sensor/track/tracker.h"
#include "tests/unit/track/packets.h"

namespace telltale::track {
namespace {

using base::kSecondNs;
using model::Direction;
using model::RecordKind;
using model::RecordView;
using testing::kStartNs;
using testing::TestPacket;
using Records = std::vector<std::vector<std::uint8_t>>;
using KeyBytes = std::array<std::uint8_t, sizeof(model::FlowKey)>;

KeyBytes bytes_of(const model::FlowKey& key) {
    KeyBytes bytes;
    std::memcpy(bytes.data(), &key, sizeof key);
    return bytes;
}

struct Shape {
    std::uint32_t clients;
    double pause_s;      // longest pause between packets
    bool jumps = false;  // of the clock, both ways
    bool disorder = false;
};

// The packets, ordered; times follow the shape. TCP, UDP and ICMP, connections that end and begin again.
std::vector<TestPacket> traffic(std::uint32_t seed, std::size_t count, const Shape& shape) {
    std::mt19937 random(seed);
    const std::uint8_t protocols[] = {model::kProtocolTcp, model::kProtocolUdp, model::kProtocolIcmp};
    const std::uint8_t flags[] = {model::kTcpSyn, model::kTcpSyn | model::kTcpAck, model::kTcpAck, model::kTcpAck,
                                  model::kTcpAck, model::kTcpFin | model::kTcpAck, model::kTcpRst};
    std::vector<TestPacket> packets;
    std::int64_t now = kStartNs;
    for (std::size_t i = 0; i < count; ++i) {
        // Mostly short pauses, sometimes long ones.
        const double share = static_cast<double>(random() % 1000) / 1000;
        now += static_cast<std::int64_t>(shape.pause_s * 1e9 * (random() % 16 == 0 ? share : share / 1000));
        if (shape.jumps && random() % 200 == 0) now -= static_cast<std::int64_t>(61 + random() % 4000) * kSecondNs;
        if (shape.jumps && random() % 200 == 0) now += static_cast<std::int64_t>(random() % 4000) * kSecondNs;
        const std::uint8_t protocol = protocols[random() % 3];
        TestPacket made = testing::packet(protocol, static_cast<std::uint32_t>(random() % shape.clients),
                                          random() % 2 == 0, 40 + static_cast<std::uint32_t>(random() % 1400));
        if (protocol == model::kProtocolTcp) made.flags(flags[random() % 7], static_cast<std::uint32_t>(random() % 3));
        const std::int64_t late = shape.disorder ? static_cast<std::int64_t>(random() % 3'000'000'000) : 0;
        packets.push_back(made.at(i + 1, now - late));
    }
    return packets;
}

// An interval_end says that all bytes so far are reported.
void expect_all_reported(const Tracker& tracker, const Records& records, std::uint64_t& reported, std::size_t& from) {
    for (; from < records.size(); ++from) {
        const RecordView record(records[from]);
        if (record.header().kind == RecordKind::interval_end) {
            EXPECT_EQ(reported, tracker.counters().bytes);
        }
        const model::FlowDelta delta = record.flow_delta();
        reported += delta.bytes[0] + delta.bytes[1];
    }
}

// Feeds a tracker as a worker does; `mine` says which packets are this worker's. Calls seen(packet, flow, interval).
template <typename Mine, typename Seen>
Records run(Tracker& tracker, std::vector<TestPacket> packets, Mine&& mine, Seen&& seen) {
    Records records;
    model::RecordBuffer out(64 * 1024);
    base::PacketClock clock;
    std::int64_t second = 0;
    std::uint64_t reported = 0;
    std::size_t looked_at = 0;
    for (TestPacket& packet : packets) {
        const std::int64_t now = base::floor_to(clock.observe(packet.frame.timestamp_ns), kSecondNs);
        if (now != second) {
            second = now;
            tracker.advance(second, packet.frame.order.step_before());
            while (!tracker.drain(out, 7)) testing::take(out, records);
            testing::take(out, records);
            expect_all_reported(tracker, records, reported, looked_at);
        }
        if (!mine(packet.see())) continue;
        Direction direction{};
        seen(packet.see(), tracker.track(packet.see(), direction, out), base::floor_to(second, 60 * kSecondNs));
        testing::take(out, records);
    }
    while (!tracker.finish(model::Order::of_frame(packets.size()).end(), out)) testing::take(out, records);
    testing::take(out, records);
    return records;
}

// Checks what holds for any tracker's records: a flow starts once, before all else, ends once, behind all else.
void expect_lawful(const Records& records) {
    std::set<std::uint32_t> started;
    std::set<std::uint32_t> ended;
    for (const RecordView& record : testing::views(records)) {
        const model::RecordHeader& header = record.header();
        const std::uint32_t serial = header.flow.serial;
        if (header.kind == RecordKind::interval_end) continue;
        ASSERT_NE(serial, 0U);
        ASSERT_EQ(ended.count(serial), 0U) << "a record behind the final delta";
        if (header.kind == RecordKind::flow_start) {
            ASSERT_TRUE(started.insert(serial).second) << "started twice";
        } else {
            ASSERT_EQ(started.count(serial), 1U) << "a delta before the start";
            ASSERT_LE(record.flow_delta().first_ns, record.flow_delta().last_ns);
            if (record.flow_delta().final) ended.insert(serial);
        }
    }
    EXPECT_EQ(started, ended);
    EXPECT_EQ(testing::views(records).back().header().kind, RecordKind::interval_end);
}

TrackerConfig small(std::uint32_t flows) {
    TrackerConfig config;
    config.hash_key = {3, 4};
    config.flows = flows;
    config.stream_buffers = 4;
    config.stream_buffer_bytes = 256;
    return config;
}

class TrackerModel : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, TrackerModel, ::testing::Range(0U, 8U));

// Sums by flow key, direction and interval, with clock jumps, disorder and evictions.
TEST_P(TrackerModel, DeltasAddUpInEveryInterval) {
    using Cell = std::tuple<KeyBytes, std::int64_t>;
    std::map<Cell, model::FlowDelta> expected;
    const Shape shape{40, 20, true, true};
    Tracker tracker(small(GetParam() % 2 == 0 ? 200 : 10));
    const Records records = run(
        tracker, traffic(GetParam(), 6000, shape), [](const auto&) { return true; },
        [&](const model::PacketView& packet, const FlowSlot* flow, std::int64_t interval) {
            ASSERT_NE(flow, nullptr);
            const model::FlowPlace place = model::flow_place(packet);
            model::FlowDelta& cell = expected[{bytes_of(place.key), interval}];
            ++cell.packets[index_of(place.direction)];
            cell.bytes[index_of(place.direction)] += packet.ip_length;
            cell.payload_bytes[index_of(place.direction)] += packet.payload_length;
        });
    expect_lawful(records);
    for (const RecordView& record : testing::views(records)) {
        if (record.header().kind != RecordKind::flow_delta) continue;
        const model::FlowDelta delta = record.flow_delta();
        if (delta.packets[0] + delta.packets[1] == 0) continue;
        const auto found = expected.find({bytes_of(record.header().key), delta.interval_start_ns});
        ASSERT_NE(found, expected.end());
        for (std::size_t way = 0; way < 2; ++way) {
            found->second.packets[way] -= delta.packets[way];
            found->second.bytes[way] -= delta.bytes[way];
            found->second.payload_bytes[way] -= delta.payload_bytes[way];
        }
    }
    for (const auto& [cell, left] : expected) {
        ASSERT_EQ(left.packets, (std::array<std::uint64_t, 2>{}));
        ASSERT_EQ(left.bytes, (std::array<std::uint64_t, 2>{}));
        ASSERT_EQ(left.payload_bytes, (std::array<std::uint64_t, 2>{}));
    }
    EXPECT_EQ(tracker.counters().packets, 6000U);
    EXPECT_EQ(tracker.counters().flows_closed_evicted != 0, GetParam() % 2 != 0);
    EXPECT_EQ(tracker.counters().late_packets, 0U);
    EXPECT_GT(tracker.counters().clock_rebased, 0U);
}

// A buffer for one record that is emptied seldom: nothing is lost but what is counted as untracked.
TEST_P(TrackerModel, NothingIsLostInAFullBuffer) {
    std::mt19937 random(GetParam());
    std::map<KeyBytes, std::array<std::uint64_t, 2>> expected;
    std::uint64_t untracked = 0;
    Tracker tracker(small(GetParam() % 2 == 0 ? 200 : 10));
    model::RecordBuffer out(model::kMaxRecordBytes);
    Records records;
    base::PacketClock clock;
    std::int64_t second = 0;
    std::vector<TestPacket> packets = traffic(GetParam() + 100, 6000, Shape{40, 20, true, true});
    for (TestPacket& packet : packets) {
        const std::int64_t now = base::floor_to(clock.observe(packet.frame.timestamp_ns), kSecondNs);
        if (now != second) tracker.advance(second = now, packet.frame.order.step_before());
        if (random() % 3 == 0) testing::take(out, records);
        if (random() % 3 == 0) tracker.drain(out, 1 + random() % 3);
        Direction direction{};
        if (tracker.track(packet.see(), direction, out) == nullptr) {
            untracked += packet.view.ip_length;
        } else {
            expected[bytes_of(model::flow_place(packet.view).key)][index_of(direction)] += packet.view.ip_length;
        }
    }
    for (int turns = 0; !tracker.finish(model::Order::of_frame(packets.size()).end(), out); ++turns) {
        ASSERT_LT(turns, 10'000);
        testing::take(out, records);
    }
    testing::take(out, records);
    expect_lawful(records);
    for (const RecordView& record : testing::views(records)) {
        if (record.header().kind != RecordKind::flow_delta) continue;
        auto& cell = expected.at(bytes_of(record.header().key));
        for (std::size_t way = 0; way < 2; ++way) cell[way] -= record.flow_delta().bytes[way];
    }
    for (const auto& [key, left] : expected) ASSERT_EQ(left, (std::array<std::uint64_t, 2>{}));
    EXPECT_EQ(tracker.counters().untracked_bytes, untracked);
    EXPECT_GT(tracker.counters().records_owed, 0U);
    EXPECT_GT(tracker.counters().late_packets, 0U);
}

// Flow boundaries of an ordered stream are what packet times alone say, whatever the timers did.
TEST_P(TrackerModel, TimersDoNotShowInTheResult) {
    struct Naive {
        std::int64_t last_ns = 0;
        std::uint64_t flows = 0;
    };
    std::map<KeyBytes, Naive> naive;
    std::vector<TestPacket> packets = traffic(GetParam(), 6000, Shape{20, 400});
    for (TestPacket& packet : packets) {
        if (packet.view.protocol == model::kProtocolTcp) packet.view.tcp_flags = model::kTcpAck;
        const std::int64_t idle = packet.view.protocol == model::kProtocolTcp   ? 300 * kSecondNs
                                  : packet.view.protocol == model::kProtocolUdp ? 120 * kSecondNs
                                                                                : 60 * kSecondNs;
        Naive& flow = naive[bytes_of(model::flow_place(packet.view).key)];
        if (packet.frame.timestamp_ns - flow.last_ns >= idle) ++flow.flows;
        flow.last_ns = packet.frame.timestamp_ns;
    }
    Tracker tracker(small(200));
    const Records records = run(
        tracker, packets, [](const auto&) { return true; }, [](auto&&...) {});
    std::map<KeyBytes, std::uint64_t> started;
    for (const RecordView& record : testing::views(records)) {
        if (record.header().kind == RecordKind::flow_start) ++started[bytes_of(record.header().key)];
    }
    ASSERT_EQ(started.size(), naive.size());
    for (const auto& [key, flow] : naive) EXPECT_EQ(started[key], flow.flows);
    EXPECT_GT(tracker.counters().flows_closed_idle, 100U);
}

// The same stream by one, two and four workers: after the merge the same records, to the byte.
TEST_P(TrackerModel, ResultsDoNotDependOnTheNumberOfWorkers) {
    const std::vector<TestPacket> packets = traffic(GetParam(), 6000, Shape{60, 100, true, true});
    Records first;
    for (const std::uint32_t workers : {1U, 2U, 4U}) {
        Records records;
        for (std::uint32_t worker = 0; worker < workers; ++worker) {
            TrackerConfig config = small(400);
            config.worker = static_cast<std::uint16_t>(worker);
            Tracker tracker(config);
            const auto mine = [&](const model::PacketView& packet) {
                return model::flow_place(packet).key.hash(base::HashKey{9, 9}) % workers == worker;
            };
            Records made = run(tracker, packets, mine, [](auto&&...) {});
            std::move(made.begin(), made.end(), std::back_inserter(records));
        }
        std::stable_sort(records.begin(), records.end(), [](const auto& left, const auto& right) {
            return precedes(RecordView(left), RecordView(right));
        });
        for (auto& record : records) {
            model::RecordHeader header = RecordView(record).header();
            header.flow = {};
            std::memcpy(record.data(), &header, sizeof header);
        }
        // Every worker says the end of an interval.
        const auto same_end = [](const auto& left, const auto& right) {
            return RecordView(left).header().kind == RecordKind::interval_end && left == right;
        };
        records.erase(std::unique(records.begin(), records.end(), same_end), records.end());
        for (std::size_t i = 0; i + 1 < records.size(); ++i) {
            const model::RecordHeader header = RecordView(records[i]).header();
            if (header.kind != RecordKind::interval_end) continue;
            ASSERT_GT(RecordView(records[i + 1]).header().order, header.order) << "the last of its order";
        }
        if (workers == 1) first = records;
        ASSERT_EQ(records.size(), first.size()) << workers;
        ASSERT_TRUE(records == first) << workers;
    }
    EXPECT_GT(first.size(), 1000U);
}

}  // namespace
}  // namespace telltale::track
