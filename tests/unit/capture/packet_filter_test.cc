// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/packet_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace telltale::capture {
namespace {

using support::Packet;

bool fits(const std::string& expression, const Packet& packet, model::LinkType link = model::LinkType::ethernet) {
    const auto filter = PacketFilter::compile(expression);
    EXPECT_TRUE(filter) << expression;
    const support::TimedFrame timed = packet.frame();
    model::Frame frame;
    frame.data = timed.bytes.data();
    frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(timed.bytes.size());
    frame.link = link;
    return filter && filter->fits(frame);
}

TEST(PacketFilter, SaysWhatTcpdumpSays) {
    const Packet dns = Packet()
                           .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                           .ipv4("10.0.0.1", "192.0.2.7")
                           .udp(4000, 53)
                           .payload("x");
    const Packet tagged = Packet()
                              .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                              .vlan(12)
                              .ipv4("10.0.0.1", "192.0.2.7")
                              .udp(4000, 53)
                              .payload("x");
    const std::vector<std::tuple<std::string, const Packet*, bool>> cases = {
        {"udp port 53", &dns, true},
        {"not port 53", &dns, false},
        {"net 10.0.0.0/8", &dns, true},
        {"ether src 02:00:00:00:00:01", &dns, true},
        {"tcp", &dns, false},
        {"udp port 53", &tagged, false},
        {"vlan 12 and port 53", &tagged, true},
        {"less 20", &dns, false},
    };
    for (const auto& [expression, packet, expected] : cases)
        EXPECT_EQ(fits(expression, *packet), expected) << expression;
}

TEST(PacketFilter, KnowsEveryLinkType) {
    for (const auto link : base::enumerators<model::LinkType>()) {
        EXPECT_TRUE(fits("greater 1", Packet().raw().ipv4("10.0.0.1", "192.0.2.7").udp(4000, 53).payload("x"), link))
            << to_string(link);
    }
    const Packet raw = Packet().raw().ipv4("10.0.0.1", "192.0.2.7").udp(4000, 53).payload("x");
    EXPECT_TRUE(fits("udp port 53", raw, model::LinkType::raw_ip));
    EXPECT_FALSE(fits("tcp", raw, model::LinkType::raw_ip));
    EXPECT_FALSE(fits("ether src 02:00:00:00:00:01", raw, model::LinkType::raw_ip)) << "there are no MAC addresses";
}

TEST(PacketFilter, RefusesWhatIsNone) {
    const auto filter = PacketFilter::compile("port or");
    ASSERT_FALSE(filter);
    EXPECT_THAT(filter.error().text, testing::AllOf(testing::HasSubstr("port or"), testing::HasSubstr("pcap-filter")));
}

}  // namespace
}  // namespace telltale::capture
