// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "sensor/decode/affinity.h"
#include "tests/unit/decode/frames.h"

namespace telltale::decode {
namespace {

using support::Bytes;
using support::ByteWriter;
using support::from_hex;
using support::operator+;
using support::Packet;

constexpr const char* kMac = "02:00:00:00:00:01";
constexpr const char* kPeer = "02:00:00:00:00:02";
constexpr const char* kInnerMac = "02:00:00:00:00:0a";

Packet outside() { return Packet().ethernet(kMac, kPeer); }
Bytes datagram() { return Packet().ip("10.0.0.1", "192.0.2.7").udp(40000, 443).payload("abc").bytes(); }
Bytes datagram6() { return Packet().ip("2001:db8::1", "2001:db8::7").udp(40000, 443).payload("abc").bytes(); }
Bytes inner_frame() {
    return Packet().ethernet(kInnerMac, kPeer).ip("10.0.0.1", "192.0.2.7").udp(40000, 443).payload("abc").bytes();
}
Bytes in_udp(std::uint16_t port, const Bytes& payload) {
    return outside().ip("198.51.100.1", "198.51.100.2").udp(50000, port).payload(payload).bytes();
}
Bytes in_ip(std::uint8_t protocol, const Bytes& payload) {
    return outside().ip("198.51.100.1", "198.51.100.2").ip_protocol(protocol).payload(payload).bytes();
}
Bytes of_type(std::uint16_t type, const Bytes& payload) { return outside().ether_type(type).payload(payload).bytes(); }

enum class Inside { ipv4, ipv6, frame };

struct TunnelCase {
    std::string description;
    Bytes bytes;
    Inside inside = Inside::ipv4;
    bool has_id = true;
    model::LinkType link = model::LinkType::ethernet;
};

const std::vector<TunnelCase>& cases() {
    static const Bytes vxlan = from_hex("08 00 00 00 01 02 03 00"), session = from_hex("11 00 00 07");
    static const auto pppoe = [](const Bytes& ppp) {
        return of_type(0x8864, session + ByteWriter().u16(static_cast<std::uint32_t>(ppp.size())).take() + ppp);
    };
    static const std::vector<TunnelCase> all{
        {"IP in IP", in_ip(4, datagram())},
        {"IPv6 in IPv4", in_ip(41, datagram6()), Inside::ipv6},
        {"GRE", in_ip(47, from_hex("00 00 08 00") + datagram())},
        {"GRE with checksum, key and sequence",
         in_ip(47, from_hex("b0 00 08 00 00000000 00000009 00000001") + datagram())},
        {"GRE with a frame", in_ip(47, from_hex("00 00 65 58") + inner_frame()), Inside::frame},
        {"PPTP's GRE", in_ip(47, from_hex("30 81 88 0b 0020 0007 00000001 00000002 ff03 0021") + datagram())},
        {"WCCP with its header", in_ip(47, from_hex("00 00 88 3e 00 00 00 00") + datagram())},
        {"ERSPAN I", in_ip(47, from_hex("00 00 88 be") + inner_frame()), Inside::frame},
        {"ERSPAN II", in_ip(47, from_hex("10 00 88 be 00000001 1001 0001 00000000") + inner_frame()), Inside::frame},
        {"ERSPAN III", in_ip(47, from_hex("10 00 22 eb 00000001 2001 0001 00000000 00000000") + inner_frame()),
         Inside::frame},
        {"EtherIP", in_ip(97, from_hex("30 00") + inner_frame()), Inside::frame},
        {"MPLS in IP", in_ip(137, from_hex("00 01 01 40") + datagram())},
        {"VXLAN", in_udp(4789, vxlan + inner_frame()), Inside::frame},
        {"VXLAN on its first port", in_udp(8472, vxlan + inner_frame()), Inside::frame},
        {"VXLAN-GPE", in_udp(4790, from_hex("0c 00 00 02 01 02 03 00") + datagram6()), Inside::ipv6},
        {"Geneve with an option", in_udp(6081, from_hex("01 00 65 58 00 00 09 00 01 02 03 00") + inner_frame()),
         Inside::frame},
        {"GTP-U", in_udp(2152, from_hex("30 ff 00 20 00 00 00 07") + datagram())},
        {"GTP-U with extensions", in_udp(2152, from_hex("36 ff 00 20 00000007 0005 00 c0 01 09 04 00") + datagram())},
        {"Teredo", in_udp(3544, datagram6()), Inside::ipv6},
        {"Teredo with an origin", in_udp(3544, from_hex("00 00 11 22 33 44 55 66") + datagram6()), Inside::ipv6},
        {"L2TP", in_udp(1701, from_hex("40 02 00 00 00 01 00 02 ff 03 00 21") + datagram())},
        {"CAPWAP with a frame", in_udp(5247, from_hex("00 10 02 00 00000000") + inner_frame()), Inside::frame},
        {"CAPWAP with 802.11",
         in_udp(5247, from_hex("00 10 03 00 00000000 0801 0000 02000000000f 02000000000a 020000000002 0000 "
                               "aaaa03000000 0800") +
                          datagram()),
         Inside::frame},
        {"CAPWAP with 802.11 in the other order, and what the radio says",
         in_udp(5247, from_hex("00 20 03 20 00000000 04bf230000000000 1108 0000 02000000000f 02000000000a 020000000002 "
                               "0000 aaaa03000000 0800") +
                          datagram()),
         Inside::frame},
        {"GRE in UDP", in_udp(4754, from_hex("00 00 08 00") + datagram())},
        {"MPLS in UDP", in_udp(6635, from_hex("00 01 01 40") + datagram())},
        {"VXLAN in GRE", in_ip(47, from_hex("00 00 65 58") + in_udp(4789, vxlan + inner_frame())), Inside::frame},
        {"MPLS", of_type(0x8847, from_hex("00 01 00 40 00 02 01 40") + datagram()), Inside::ipv4, false},
        {"a pseudowire with control word", of_type(0x8847, from_hex("00 01 01 40 00 00 00 00") + inner_frame()),
         Inside::frame, false},
        {"PPPoE", pppoe(from_hex("00 21") + datagram()), Inside::ipv4, false},
        {"PPPoE with IPv6 and padding", pppoe(from_hex("00 57") + datagram6()) + from_hex("00 00 00 00"), Inside::ipv6,
         false},
        {"PPP", from_hex("ff 03 00 21") + datagram(), Inside::ipv4, false, model::LinkType::ppp},
        {"PPP, compressed", from_hex("21") + datagram(), Inside::ipv4, false, model::LinkType::ppp},
        {"Cisco's HDLC", from_hex("0f 00 08 00") + datagram(), Inside::ipv4, false, model::LinkType::cisco_hdlc},
        {"802.11 to the access point",
         from_hex("08 01 0000 02000000000f 02000000000a 020000000002 0000 aaaa03000000 0800") + datagram(),
         Inside::frame, false, model::LinkType::wireless},
        {"802.11 with quality of service from the access point, behind radiotap",
         from_hex(
             "00 00 08 00 00000000 88 02 0000 020000000002 02000000000f 02000000000a 0000 0000 aaaa03000000 0800") +
             datagram(),
         Inside::frame, false, model::LinkType::radiotap},
    };
    return all;
}

TEST(Tunnels, TheInnermostPacketIsSeen) {
    for (const TunnelCase& test : cases()) {
        SCOPED_TRACE(test.description);
        const Decoded decoded(OwnedFrame(test.bytes, test.link));
        const model::PacketView& view = decoded.view;
        const bool six = test.inside == Inside::ipv6;
        EXPECT_EQ(model::to_string(view.source), six ? "2001:db8::1" : "10.0.0.1");
        EXPECT_EQ(model::to_string(view.destination), six ? "2001:db8::7" : "192.0.2.7");
        EXPECT_EQ(view.source_port, 40000);
        EXPECT_EQ(base::as_text(view.payload), "abc");
        EXPECT_EQ(view.ip_length, six ? 51U : 31U);
        EXPECT_EQ(view.tunnel_id != 0, test.has_id);
        EXPECT_EQ(decoded.counters.tunnelled_packets, view.tunnels != 0 ? 1U : 0U);
        if (test.inside == Inside::frame) {
            EXPECT_EQ(model::to_string(view.source_mac), kInnerMac);
        }
        if (view.tunnels != 0) {
            EXPECT_EQ(model::to_string(view.sender_mac), kMac);
        }
        EXPECT_NE(view.segment() == model::Segment(), view.tunnel_id != 0);
    }
}

TEST(Tunnels, EveryTruncationEndsInOneOutcome) {
    for (const TunnelCase& test : cases()) {
        SCOPED_TRACE(test.description);
        for (std::size_t size = 0; size < test.bytes.size(); ++size) {
            const Bytes cut(test.bytes.begin(), test.bytes.begin() + static_cast<std::ptrdiff_t>(size));
            for (const std::size_t wire : {test.bytes.size(), std::size_t{0}}) {
                const Decoded decoded(OwnedFrame(cut, test.link, static_cast<std::uint32_t>(wire)));
                ASSERT_EQ(decoded.counters.frames(), 1U);
                const std::string from = model::to_string(decoded.view.source);
                if (!decoded.view.has_ip()) continue;
                ASSERT_TRUE(from == "10.0.0.1" || from == "2001:db8::1" || from == "198.51.100.1") << size << from;
            }
        }
    }
}

TEST(Tunnels, TheOutermostPacketIsSeenWhereThatIsAskedFor) {
    for (const TunnelCase& test : cases()) {
        SCOPED_TRACE(test.description);
        const OwnedFrame frame(test.bytes, test.link);
        model::PacketView view;
        DecodeCounters counters;
        decode(frame.frame, view, counters, 0);
        EXPECT_EQ(view.tunnels, 0U);
        EXPECT_EQ(model::to_string(view.source) == "198.51.100.1", test.has_id);
        EXPECT_EQ(counters.tunnels_not_entered, test.has_id ? 1U : 0U);
    }
}

TEST(Tunnels, OnesThatAreNoneStayClosed) {
    const std::vector<std::pair<std::string, Bytes>> closed{
        {"VXLAN without identifier", in_udp(4789, from_hex("00 00 00 00 01 02 03 00") + inner_frame())},
        {"what is no packet", in_udp(2152, from_hex("30 ff 00 20 00 00 00 07 ff ff ff ff"))},
        {"GTP's signalling", in_udp(2152, from_hex("32 01 00 04 00 00 00 00 00 01 00 00"))},
        {"GTP extensions of no length",
         in_udp(2152, from_hex("34 ff 00 20 00000007 0005 00 c0 00 00 00 00") + datagram())},
        {"GRE with routing", in_ip(47, from_hex("40 00 08 00 00000000") + datagram())},
        {"IP of another version", in_ip(4, datagram6())},
        {"an inner header that is cut", in_ip(4, from_hex("45 00 00 1f"))},
        {"ARP in VXLAN",
         in_udp(4789, from_hex("08 00 00 00 01 02 03 00") +
                          Packet().ethernet(kInnerMac, kPeer).arp_request(kInnerMac, "10.0.0.1", "10.0.0.2").bytes())},
    };
    for (const auto& [description, bytes] : closed) {
        SCOPED_TRACE(description);
        const Decoded decoded(OwnedFrame(bytes, model::LinkType::ethernet));
        EXPECT_EQ(to_string(decoded.outcome), "ipv4");
        EXPECT_EQ(model::to_string(decoded.view.source), "198.51.100.1");
        EXPECT_EQ(model::to_string(decoded.view.source_mac), kMac);
        EXPECT_EQ(decoded.view.tunnels, 0U);
        EXPECT_EQ(decoded.view.ip_length, bytes.size() - 14);
    }
}

// Packets in packets in packets: as deep as is allowed, and the rest is payload.
TEST(Tunnels, DepthIsBounded) {
    Bytes packet = datagram();
    for (int i = 0; i < 30; ++i) packet = Packet().ip("10.0.0.1", "192.0.2.7").ip_protocol(4).payload(packet).bytes();
    const Decoded decoded(OwnedFrame(of_type(0x0800, packet), model::LinkType::ethernet));
    EXPECT_EQ(decoded.view.tunnels, kMaxTunnels);
    EXPECT_EQ(decoded.counters.tunnels_not_entered, 1U);
    Bytes labels;
    for (int i = 0; i < 200; ++i) labels = labels + from_hex("00 01 00 40");
    EXPECT_EQ(to_string(Decoded(OwnedFrame(of_type(0x8847, labels), model::LinkType::ethernet)).outcome),
              "malformed_link");
}

TEST(Tunnels, BothDirectionsAreOneFlowsAndNetworksStayApart) {
    const auto vxlan = [](std::uint8_t network, bool back) {
        const Packet inner = back ? Packet().ethernet(kPeer, kInnerMac).ip("192.0.2.7", "10.0.0.1").udp(443, 40000)
                                  : Packet().ethernet(kInnerMac, kPeer).ip("10.0.0.1", "192.0.2.7").udp(40000, 443);
        return in_udp(4789, from_hex("08 00 00 00 00 00") + Bytes{network, 0} + Packet(inner).payload("abc").bytes());
    };
    const auto key = [](const Bytes& bytes) {
        return model::flow_place(Decoded(OwnedFrame(bytes, model::LinkType::ethernet)).view).key;
    };
    EXPECT_EQ(key(vxlan(7, false)), key(vxlan(7, true)));
    EXPECT_FALSE(key(vxlan(7, false)) == key(vxlan(8, false)));
    const OwnedFrame there(vxlan(7, false), model::LinkType::ethernet), back(vxlan(7, true), model::LinkType::ethernet);
    EXPECT_EQ(affinity_hash(there.frame, base::HashKey{1, 2}), affinity_hash(back.frame, base::HashKey{1, 2}));
}

TEST(Wireless, FramesWithoutReadableData) {
    for (const char* frame : {"80 00 0000 ffffffffffff 02000000000f 02000000000f 0000",       // a beacon
                              "08 41 0000 02000000000f 02000000000a 020000000002 0000 0000",  // protected
                              "48 01 0000 02000000000f 02000000000a 020000000002 0000",       // without data
                              "d4 00 0000 02000000000f"}) {                                   // an acknowledgement
        const Decoded decoded(OwnedFrame(from_hex(frame), model::LinkType::wireless));
        EXPECT_EQ(to_string(decoded.outcome), "wireless_other") << frame;
    }
}

}  // namespace
}  // namespace telltale::decode
