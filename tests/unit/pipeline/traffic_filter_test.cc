// SPDX-License-Identifier: Apache-2.0
// What must not be looked at, duplicates of mirror ports, and the counting of both.
#include "sensor/pipeline/traffic_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/pipeline/filtering_source.h"
#include "tests/unit/pipeline/frame_list.h"

namespace telltale::pipeline {
namespace {

using capture::PollStatus;
using support::Packet;

Packet question(const std::string& from = "10.0.0.1", const std::string& to = "192.0.2.7") {
    return Packet()
        .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .ip(support::Ip(from), support::Ip(to))
        .udp(4000, 53)
        .payload("question");
}
Packet tagged(std::uint16_t outer, std::uint16_t inner) {
    return Packet()
        .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .qinq(outer, inner)
        .ipv4("10.0.0.1", "192.0.2.7")
        .udp(4000, 53);
}

TrafficFilter make(const TrafficFilterConfig& config) {
    auto filter = TrafficFilter::create(config);
    EXPECT_TRUE(filter) << filter.error().text;
    return std::move(*filter);
}

TEST(TrafficFilter, RefusesWhatMustNotBeLookedAt) {
    TrafficFilterConfig config;
    config.networks = {*model::parse_prefix("10.66.0.0/16"), *model::parse_prefix("2001:db8:66::/48")};
    config.vlans = {66, 67};
    config.macs = {*model::parse_mac("02:00:00:00:66:66")};
    config.capture_filter = "not port 66";
    const TrafficFilter filter = make(config);
    EXPECT_FALSE(filter.passes_everything());
    const auto mac = [](const char* source, const char* destination) {
        return Packet()
            .ethernet(support::Mac(source), support::Mac(destination))
            .ipv4("10.0.0.1", "192.0.2.7")
            .udp(1, 2);
    };
    struct Case {
        std::string description;
        Packet packet;
        std::optional<PortDrop> expected;
    };
    const std::vector<Case> cases = {
        {"another network", question(), std::nullopt},
        {"from the network", question("10.66.3.4"), PortDrop::ignored_network},
        {"to the network", question("10.0.0.1", "10.66.0.9"), PortDrop::ignored_network},
        {"IPv6 of the network", question("2001:db8:66::1", "2001:db8::1"), PortDrop::ignored_network},
        {"IPv6 of another", question("2001:db8:67::1", "2001:db8::1"), std::nullopt},
        {"ARP asks for it",
         Packet()
             .ethernet("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff")
             .arp_request("02:00:00:00:00:01", "10.0.0.1", "10.66.0.1"),
         PortDrop::ignored_network},
        {"outer VLAN", tagged(66, 5), PortDrop::ignored_vlan},
        {"inner VLAN", tagged(5, 67), PortDrop::ignored_vlan},
        {"other VLANs", tagged(5, 6), std::nullopt},
        {"from the MAC", mac("02:00:00:00:66:66", "02:00:00:00:00:02"), PortDrop::ignored_mac},
        {"to the MAC", mac("02:00:00:00:00:02", "02:00:00:00:66:66"), PortDrop::ignored_mac},
        {"the capture filter",
         Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "192.0.2.7").udp(66, 2),
         PortDrop::capture_filter},
    };
    for (const Case& test : cases) {
        const support::TimedFrame timed = test.packet.frame();
        model::Frame frame;
        frame.data = timed.bytes.data();
        frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(timed.bytes.size());
        EXPECT_EQ(filter.refuses(frame), test.expected) << test.description;
    }
}

TEST(TrafficFilter, RefusesConfigurationsThatAreNone) {
    TrafficFilterConfig config;
    EXPECT_TRUE(make(config).passes_everything());
    config.vlans = {4095};
    EXPECT_THAT(check(config).error().text, testing::HasSubstr("4095"));
    config.vlans = {};
    config.capture_filter = "nonsense here";
    EXPECT_THAT(check(config).error().text, testing::HasSubstr("nonsense here"));
}

TEST(DuplicateFinder, FindsCopiesOfOnePacket) {
    struct Case {
        std::string description;
        Packet first, second;
        std::int64_t apart_ns;
        bool expected;
    };
    const Packet base = question().ip_id(7).ttl(64);
    const Packet other_link = Packet()
                                  .ethernet("02:00:00:00:00:05", "02:00:00:00:00:06")
                                  .vlan(9)
                                  .ipv4("10.0.0.1", "192.0.2.7")
                                  .ip_id(7)
                                  .ttl(63)
                                  .udp(4000, 53)
                                  .payload("question");
    const Packet v6 = question("2001:db8::1", "2001:db8::2");
    const std::vector<Case> cases = {
        {"the same", base, base, 1000, true},
        {"behind a router, tagged", base, other_link, 1000, true},
        {"padded by the link", base, Packet(base).pad_frame_to(60), 1000, true},
        {"just in time", base, base, 2'000'000, true},
        {"too late", base, base, 2'000'001, false},
        {"another identification", base, Packet(base).ip_id(8), 1000, false},
        {"another payload", base, question().ip_id(7).payload("answer"), 1000, false},
        {"the other direction", base, question("192.0.2.7", "10.0.0.1").ip_id(7), 1000, false},
        {"IPv6, another hop limit", v6, Packet(v6).ttl(9), 1000, true},
        {"no IP", Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ether_type(0x88cc).payload("lldp......"),
         Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ether_type(0x88cc).payload("lldp......"), 10,
         false},
    };
    for (const Case& test : cases) {
        DuplicateFinder finder({1, 2}, 2'000'000);
        std::vector<bool> seen;
        std::int64_t time_ns = 5'000'000'000;
        const Packet between = question("10.9.9.9");  // other packets may come between them
        for (const Packet* packet : {&test.first, &between, &test.second}) {
            const support::TimedFrame timed = packet->frame();
            model::Frame frame;
            frame.data = timed.bytes.data();
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(timed.bytes.size());
            frame.timestamp_ns = packet == &test.second ? time_ns + test.apart_ns : time_ns;
            seen.push_back(finder.seen(frame));
        }
        EXPECT_EQ(seen, (std::vector<bool>{false, false, test.expected})) << test.description;
    }
}

// A copy is one whatever tags the frame carries.
TEST(DuplicateFinder, LooksBehindEveryTag) {
    const std::vector<std::vector<std::uint8_t>> tags = {
        {}, {0x81, 0}, {0x88, 0xa8}, {0x91, 0}, {0x88, 0xa8, 0x81, 0}, {0x91, 0, 0x91, 0}, {0x91, 0, 0x81, 0}};
    for (const auto& ether_types : tags) {
        support::Bytes bytes = question().bytes();
        for (std::size_t i = ether_types.size(); i > 0; i -= 2) {
            const std::uint8_t tag[] = {ether_types[i - 2], ether_types[i - 1], 0, 7};
            bytes.insert(bytes.begin() + 12, std::begin(tag), std::end(tag));
        }
        DuplicateFinder finder({1, 2}, 1000);
        model::Frame frame;
        frame.data = bytes.data();
        frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(bytes.size());
        EXPECT_FALSE(finder.seen(frame));
        EXPECT_TRUE(finder.seen(frame)) << ether_types.size() / 2 << " tags";
    }
}

// Every exact-length prefix is looked at without a byte beyond it (the sanitizer says so).
TEST(DuplicateFinder, ReadsNoFurtherThanTheFrame) {
    const support::Bytes whole = question().bytes();
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::vector<std::uint8_t> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        DuplicateFinder finder({1, 2}, 1000);
        model::Frame frame;
        frame.data = exact.data();
        frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(size);
        EXPECT_FALSE(finder.seen(frame));
    }
}

TEST(FilteringSource, CountsEveryFrameThatItDrops) {
    const std::vector<Packet> packets = {question().at(1'000'000'000), question().at(1'000'001'000),
                                         question("10.66.0.1").at(1'000'002'000),
                                         question().payload("x").at(1'000'003'000)};
    for (const bool drop : {false, true}) {
        FrameList list(packets);
        TrafficFilterConfig config;
        config.networks = {*model::parse_prefix("10.66.0.0/16")};
        const TrafficFilter filter = make(config);
        DuplicateConfig duplicates;
        duplicates.window_ns = DuplicateConfig::kMirrorWindowNs;
        duplicates.drop[model::TapIndex()] = drop;
        FilteringSource source(list, filter, duplicates, model::kFileBatchBytes);
        model::FrameBatch batch;
        std::size_t passed = 0;
        while (source.poll(batch) != PollStatus::end) {
            passed += batch.count;
            source.release(batch);
        }
        EXPECT_EQ(passed, drop ? 2U : 3U);
        const PortCounts& port = source.counters()[model::PortIndex()];
        EXPECT_EQ(port.duplicates, 1U);
        EXPECT_EQ(port.dropped[PortDrop::duplicate], drop ? 1U : 0U);
        EXPECT_EQ(port.dropped[PortDrop::ignored_network], 1U);
        EXPECT_EQ(list.released_frames, packets.size());
    }
}

TEST(FilteringSource, GoesOnBehindBatchesThatItDropsWhole) {
    constexpr std::size_t kDropped = 100 * model::kBatchFrames;
    std::vector<Packet> packets(kDropped, question("10.66.0.1").at(1'000'000'000));
    packets.push_back(question().at(1'000'000'000));
    FrameList list(packets);
    TrafficFilterConfig config;
    config.networks = {*model::parse_prefix("10.66.0.0/16")};
    const TrafficFilter filter = make(config);
    FilteringSource source(list, filter, {}, model::kFileBatchBytes);
    model::FrameBatch batch;
    EXPECT_EQ(source.poll(batch), PollStatus::nothing) << "a poll has bounded work";
    EXPECT_GT(batch.done, model::Order()) << "what is dropped is done with";
    EXPECT_EQ(batch.clock_ns, 1'000'000'000);
    source.release(batch);
    EXPECT_EQ(source.poll(batch), PollStatus::frames);
    EXPECT_EQ(batch.count, 1U);
    source.release(batch);
    EXPECT_EQ(source.poll(batch), PollStatus::end);
    EXPECT_EQ(list.released_frames, packets.size());
}

}  // namespace
}  // namespace telltale::pipeline
