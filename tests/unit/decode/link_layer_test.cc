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

Bytes le32(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
            static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 24)};
}

TEST(LinkLayer, PassesTagsOfVirtualPorts) {
    const Bytes ip = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes tagged = from_hex("020000000002 020000000001 8926 00000001 8100 0007 0800") + ip;
    const Decoded decoded(OwnedFrame(tagged, model::LinkType::ethernet));
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
    EXPECT_EQ(decoded.view.vlan[0], 7);
    EXPECT_EQ(base::as_text(decoded.view.payload), "ab");
    for (const std::ptrdiff_t size : {14, 19}) {
        const Decoded cut(OwnedFrame(Bytes(tagged.begin(), tagged.begin() + size), model::LinkType::ethernet));
        EXPECT_EQ(to_string(cut.outcome), "malformed_vlan") << size;
    }
}

TEST(LinkLayer, ReadsTheCustomersFrameOfABackboneBridge) {
    const Bytes inner = Packet().ethernet(kMac, kPeer).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes frame = from_hex("0200000000b2 0200000000b1 88a8 0064 88e7 00001234") + inner;
    const Decoded decoded(OwnedFrame(frame, model::LinkType::ethernet));
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
    EXPECT_EQ(model::to_string(decoded.view.source_mac), kMac);
    EXPECT_EQ(model::to_string(decoded.view.sender_mac), "02:00:00:00:00:b1") << "who sent the frame";
    EXPECT_EQ(decoded.view.vlan[0], 100);
    const Decoded cut(OwnedFrame(Bytes(frame.begin(), frame.begin() + 20), model::LinkType::ethernet));
    EXPECT_EQ(to_string(cut.outcome), "malformed_link");
}

TEST(LinkLayer, FramesInFramesAreBounded) {
    for (const char* header : {"020000000002 020000000001 6558", "020000000002 020000000001 88e7 00000001",
                               "020000000002 020000000001 8847 00000140 00000000"}) {
        Bytes frame;
        const Bytes one = from_hex(header);
        while (frame.size() < 262'000) frame.insert(frame.end(), one.begin(), one.end());
        EXPECT_EQ(to_string(Decoded(OwnedFrame(frame, model::LinkType::ethernet)).outcome), "other_ether_type");
    }
}

TEST(LinkLayer, PktapNamesTheLinkTypeOfWhatFollows) {
    const Bytes ip = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes ethernet = Packet().ethernet(kMac, kPeer).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const auto pktap = [](std::uint32_t record, std::uint32_t link, const Bytes& inside, std::uint32_t length = 108) {
        Bytes header = le32(length) + le32(record) + le32(link);
        header.resize(108);
        return Decoded(OwnedFrame(header + inside, model::LinkType::pktap));
    };
    const Decoded whole = pktap(1, 1, ethernet);
    EXPECT_EQ(to_string(whole.outcome), "ipv4");
    EXPECT_EQ(model::to_string(whole.view.sender_mac), kMac);
    EXPECT_EQ(base::as_text(whole.view.payload), "ab");
    EXPECT_EQ(to_string(pktap(1, 12, ip).outcome), "ipv4");
    EXPECT_EQ(to_string(pktap(1, 0, from_hex("02000000") + ip).outcome), "ipv4");
    EXPECT_EQ(to_string(pktap(1, 127, ip).outcome), "other_ether_type");
    EXPECT_EQ(to_string(pktap(0, 1, ethernet).outcome), "other_ether_type");
    EXPECT_EQ(to_string(pktap(1, 1, ethernet, 47).outcome), "malformed_link");
    EXPECT_EQ(to_string(pktap(1, 1, ethernet, 1025).outcome), "malformed_link");
    EXPECT_EQ(to_string(pktap(1, 12, ip, 200).outcome), "malformed_link");
}

TEST(LinkLayer, NflogTellsThePacketAndItsSender) {
    const Bytes ip = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const auto attribute = [](std::uint16_t type, const Bytes& value) {
        Bytes bytes = {static_cast<std::uint8_t>(value.size() + 4), 0, static_cast<std::uint8_t>(type), 0};
        bytes = bytes + value;
        bytes.resize((bytes.size() + 3) / 4 * 4);
        return bytes;
    };
    const Bytes frame = from_hex("02 00 0001") + attribute(1, from_hex("08000100")) + attribute(10, from_hex("6100")) +
                        attribute(8, from_hex("0006 0000 020000000001 0000")) + attribute(9, ip);
    const Decoded decoded(OwnedFrame(frame, model::LinkType::nflog));
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
    EXPECT_EQ(model::to_string(decoded.view.sender_mac), kMac);
    EXPECT_EQ(base::as_text(decoded.view.payload), "ab");
    constexpr std::ptrdiff_t kPadding = 2;
    for (auto end = frame.begin(); end != frame.end() - kPadding; ++end) {
        const Decoded cut(OwnedFrame(Bytes(frame.begin(), end), model::LinkType::nflog));
        EXPECT_NE(base::as_text(cut.view.payload), "ab") << (end - frame.begin());
    }
    const Decoded empty(OwnedFrame(from_hex("02 00 0001 0300 0900"), model::LinkType::nflog));
    EXPECT_EQ(to_string(empty.outcome), "malformed_link");
    const Decoded bridge(OwnedFrame(from_hex("07 00 0001") + attribute(9, ip), model::LinkType::nflog));
    EXPECT_EQ(to_string(bridge.outcome), "other_ether_type");
}

TEST(LinkLayer, LinkTypesThatAreSeldomMet) {
    using model::LinkType;
    const Bytes ip = Packet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes ip6 = Packet().ipv6("fe80::1", "fe80::2").udp(1, 2).payload("ab").bytes();
    const Bytes ethernet = Packet().ethernet(kMac, kPeer).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("ab").bytes();
    const Bytes wireless = from_hex("0801 0000 020000000009 020000000001 020000000002 0000 aaaa03000000 0800") + ip;
    const std::string macs = "020000000002 020000000001 ", snap = "aaaa03 000000 0800";
    struct Case {
        const char* description;
        LinkType link;
        Bytes frame;
        const char* outcome;
        bool has_mac;
    };
    const Case cases[] = {
        {"PPPoE", LinkType::pppoe, from_hex("1100 0001 0020 0021") + ip, "ipv4", false},
        {"MPLS", LinkType::mpls, from_hex("00010140") + ip6, "ipv6", false},
        {"LLC", LinkType::llc, from_hex(snap) + ip, "ipv4", false},
        {"FDDI", LinkType::fddi, from_hex("54" + macs + snap) + ip, "ipv4", true},
        {"FDDI, a station's management", LinkType::fddi, from_hex("41" + macs + snap) + ip, "other_ether_type", true},
        {"Token Ring", LinkType::token_ring, from_hex("1040" + macs + snap) + ip, "ipv4", true},
        {"Token Ring with a route", LinkType::token_ring,
         from_hex("1040 020000000002 820000000001 0830 1111 2222 3333" + snap) + ip, "ipv4", true},
        {"Token Ring, a route without length", LinkType::token_ring,
         from_hex("1040 020000000002 820000000001 0030" + snap) + ip, "malformed_link", true},
        {"Token Ring, a frame of its own", LinkType::token_ring, from_hex("1000" + macs) + ip, "other_ether_type",
         true},
        {"Frame Relay", LinkType::frame_relay, from_hex("1841 03 cc") + ip, "ipv4", false},
        {"Frame Relay, a long address, a pad", LinkType::frame_relay, from_hex("18402041 03 00 8e") + ip6, "ipv6",
         false},
        {"Frame Relay with SNAP", LinkType::frame_relay, from_hex("1841 03 00 80 000000 0800") + ip, "ipv4", false},
        {"Frame Relay, bridged", LinkType::frame_relay, from_hex("1841 03 00 80 0080c2 0007") + ethernet, "ipv4",
         false},
        {"Frame Relay, management", LinkType::frame_relay, from_hex("0001 03 08 00 75"), "other_ether_type", false},
        {"Frame Relay without end", LinkType::frame_relay, from_hex("18404040 03 cc"), "malformed_link", false},
        {"IEEE 1394", LinkType::ieee1394, from_hex("0102030405060708 1112131415161718 0800") + ip, "ipv4", false},
        {"pflog", LinkType::pflog, from_hex("3d02") + Bytes(62) + ip, "ipv4", false},
        {"pflog, too short", LinkType::pflog, from_hex("0802") + Bytes(62) + ip, "malformed_link", false},
        {"enc", LinkType::enc, from_hex("02000000 00001234 00000000") + ip, "ipv4", false},
        {"Prism", LinkType::prism, from_hex("44000000 90000000") + Bytes(136) + wireless, "ipv4", true},
        {"AVS", LinkType::prism, from_hex("80211001 00000040") + Bytes(56) + wireless, "ipv4", true},
        {"Prism that lies about its length", LinkType::prism, from_hex("44000000 ffffffff") + wireless,
         "malformed_link", false},
    };
    for (const Case& c : cases) {
        const Decoded decoded(OwnedFrame(c.frame, c.link));
        EXPECT_EQ(to_string(decoded.outcome), c.outcome) << c.description;
        const bool whole = std::string_view(c.outcome).starts_with("ipv");
        EXPECT_EQ(base::as_text(decoded.view.payload) == "ab", whole) << c.description;
        const model::MacAddress& sender = decoded.view.sender_mac;
        EXPECT_EQ(sender.known() ? model::to_string(sender) : "", c.has_mac ? kMac : "") << c.description;
        for (auto end = c.frame.begin(); whole && end != c.frame.end(); ++end) {
            const Decoded cut(OwnedFrame(Bytes(c.frame.begin(), end), c.link));
            EXPECT_NE(base::as_text(cut.view.payload), "ab") << c.description << (end - c.frame.begin());
        }
    }
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
