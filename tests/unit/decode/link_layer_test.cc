// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/decode/frames.h"

namespace telltale::decode {
namespace {

using support::Bytes;
using support::from_hex;
using support::operator+;
using support::Packet;

constexpr const char* kMac = "02:00:00:00:00:01";
constexpr const char* kPeer = "02:00:00:00:00:02";

struct LinkCase {
    std::string description;
    Packet packet;
    std::string source_mac;
    std::vector<std::uint16_t> vlan;
};

TEST(LinkLayer, FindsIpBehindEveryLink) {
    const auto ip = [](Packet packet) { return packet.ip("10.0.0.1", "192.0.2.7").tcp(40000, 443).payload("abc"); };
    const Packet ethernet = Packet().ethernet(kMac, kPeer);
    const std::vector<LinkCase> cases{
        {"Ethernet", ip(ethernet), kMac, {}},
        {"802.1Q", ip(Packet(ethernet).vlan(10)), kMac, {10}},
        {"priority bits are no part of the id", ip(Packet(ethernet).vlan(4095, 7)), kMac, {4095}},
        {"802.1ad", ip(Packet(ethernet).qinq(100, 200)), kMac, {100, 200}},
        {"0x9100", ip(Packet(ethernet).vlan(1).tpid(0x9100).vlan(2)), kMac, {1, 2}},
        {"three tags: the outer two", ip(Packet(ethernet).vlan(1).vlan(2).vlan(3)), kMac, {1, 2}},
        {"raw IP", ip(Packet().raw()), "00:00:00:00:00:00", {}},
        {"null", ip(Packet().null_loopback()), "00:00:00:00:00:00", {}},
        {"Linux cooked", ip(Packet().cooked(kMac)), kMac, {}},
        {"Linux cooked v2", ip(Packet().cooked_v2(kMac)), kMac, {}},
        {"Linux cooked with a tag", ip(Packet().cooked(kMac).vlan(5)), kMac, {5}},
    };
    for (const LinkCase& test : cases) {
        SCOPED_TRACE(test.description);
        const Decoded decoded(test.packet);
        const model::PacketView& view = decoded.view;
        EXPECT_EQ(to_string(decoded.outcome), "ipv4");
        EXPECT_EQ(model::to_string(view.source_mac), test.source_mac);
        EXPECT_EQ((std::vector<std::uint16_t>(view.vlan.begin(), view.vlan.begin() + view.vlan_count)), test.vlan);
        EXPECT_EQ(model::to_string(view.source), "10.0.0.1");
        EXPECT_EQ(model::to_string(view.destination), "192.0.2.7");
        EXPECT_EQ(base::as_text(view.payload), "abc");
    }
}

TEST(LinkLayer, ReadsBothMacs) {
    const Decoded decoded(Packet().ethernet(kMac, kPeer).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2));
    EXPECT_EQ(model::to_string(decoded.view.source_mac), kMac);
    EXPECT_EQ(model::to_string(decoded.view.destination_mac), kPeer);
    EXPECT_EQ(decoded.view.ether_type, 0x0800);
}

TEST(LinkLayer, KnowsTheFamiliesOfEverySystemInBothByteOrders) {
    struct Case {
        std::string description;
        std::string header;
        std::string outcome;
    };
    const Bytes v4 = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes();
    const Bytes v6 = Packet().ipv6("::1", "::2").udp(1, 2).bytes();
    const std::vector<Case> cases{
        {"IPv4, little endian", "02000000", "ipv4"},
        {"IPv4, big endian", "00000002", "ipv4"},
        {"Linux", "0a000000", "ipv6"},
        {"Windows", "17000000", "ipv6"},
        {"OpenBSD", "00000018", "ipv6"},
        {"FreeBSD", "1c000000", "ipv6"},
        {"macOS", "0000001e", "ipv6"},
        {"AppleTalk", "10000000", "other_ether_type"},
        {"no family", "ffffffff", "other_ether_type"},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.description);
        const Bytes& packet = test.outcome == "ipv6" ? v6 : v4;
        const Decoded decoded(OwnedFrame(from_hex(test.header) + packet, model::LinkType::null_loopback));
        EXPECT_EQ(to_string(decoded.outcome), test.outcome);
        EXPECT_EQ(decoded.view.has_ports, test.outcome != "other_ether_type");
    }
}

TEST(LinkLayer, SnapCarriesEtherTypesAndItsLengthCutsPadding) {
    const Bytes ip = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes snap = from_hex("aaaa03000000 0800") + ip;
    Packet packet = Packet()
                        .ethernet(kMac, kPeer)
                        .ether_type(static_cast<std::uint16_t>(snap.size()))
                        .payload(snap)
                        .pad_frame_to(80);
    const Decoded decoded(packet);
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
    EXPECT_EQ(decoded.view.ether_type, 0x0800);
    EXPECT_EQ(base::as_text(decoded.view.payload), "ab");
    EXPECT_EQ(decoded.counters.ip_length_beyond_frame, 0U);
}

TEST(LinkLayer, CookedWithoutEthernetAddressHasNoMac) {
    Bytes bytes = Packet().cooked(kMac).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes();
    bytes[5] = 4;  // address length
    const Decoded decoded(OwnedFrame(bytes, model::LinkType::linux_cooked_v1));
    EXPECT_FALSE(decoded.view.source_mac.known());
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
}

TEST(LinkLayer, CookedLlcAndSmallProtocols) {
    const Packet llc = Packet().cooked(kMac).ether_type(0x0004).payload(from_hex("424203"));
    EXPECT_EQ(to_string(Decoded(llc).outcome), "llc");
    const Packet other = Packet().cooked_v2(kMac).ether_type(0x000c).payload("can");
    EXPECT_EQ(to_string(Decoded(other).outcome), "other_ether_type");
}

TEST(Arp, SaysWhoHasAnAddress) {
    const Decoded decoded(Packet().ethernet(kMac, kPeer).arp_reply(kMac, "10.0.0.1", kPeer, "10.0.0.2"));
    const model::PacketView& view = decoded.view;
    EXPECT_EQ(view.network, model::Network::arp);
    EXPECT_EQ(view.arp_operation, 2);
    EXPECT_EQ(model::to_string(view.arp_sender_mac), kMac);
    EXPECT_EQ(model::to_string(view.source), "10.0.0.1");
    EXPECT_EQ(model::to_string(view.destination), "10.0.0.2");
    EXPECT_FALSE(view.has_ip());
}

TEST(Arp, OfOtherHardwareSaysNothing) {
    Bytes bytes = Packet().ethernet(kMac, kPeer).arp_request(kMac, "10.0.0.1", "10.0.0.2").bytes();
    bytes[14 + 4] = 8;  // hardware address length
    const Decoded decoded(OwnedFrame(bytes, model::LinkType::ethernet));
    EXPECT_EQ(to_string(decoded.outcome), "arp");
    EXPECT_FALSE(decoded.view.source.specified());
}

}  // namespace
}  // namespace telltale::decode
