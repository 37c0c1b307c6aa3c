// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packet_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace telltale::support {
namespace {

const Mac kLeft = "02:00:00:00:00:01";
const Mac kRight = "02:00:00:00:00:02";

Packet from_left() { return Packet().ethernet(kLeft, kRight); }

std::uint32_t u16_at(const Bytes& bytes, std::size_t offset) {
    return static_cast<std::uint32_t>(bytes.at(offset) << 8 | bytes.at(offset + 1));
}

// The plain sum of RFC 1071, written apart from the builder's.
std::uint32_t ones_complement(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0) {
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
    while (sum > 0xffff) sum = sum % 65536 + sum / 65536;
    return sum;
}

TEST(PacketBuilder, WritesTheExampleHeaderOfIpv4) {
    // The often printed header of 192.168.0.1 -> 192.168.0.199, UDP, 115 octets, whose checksum is b861.
    const Bytes bytes =
        Packet().ipv4("192.168.0.1", "192.168.0.199").dont_fragment().ip_protocol(17).payload(Bytes(95)).bytes();
    EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 20), from_hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7"));
}

struct TransportCase {
    std::string description;
    Packet packet;
    std::size_t ip_size;  // header and extension headers
    std::uint32_t protocol;
    bool v6;
};

TEST(PacketBuilder, ChecksumsHoldWithTheirPseudoHeaders) {
    const Ip four_a = "192.0.2.1", four_b = "198.51.100.9", six_a = "2001:db8::1", six_b = "2001:db8:1::9";
    const Bytes odd{1, 2, 3, 4, 5, 6, 7};
    const TransportCase cases[] = {
        {"TCP over IPv4", Packet().ipv4(four_a, four_b).tcp(1, 2).syn().mss(1460).payload(odd), 20, 6, false},
        {"TCP over IPv4 with options", Packet().ipv4(four_a, four_b).ip_options({7, 3, 4}).tcp(1, 2), 24, 6, false},
        {"UDP over IPv4", Packet().ipv4(four_a, four_b).udp(5, 53).payload(odd), 20, 17, false},
        {"UDP over IPv6", Packet().ipv6(six_a, six_b).udp(5, 53).payload(odd), 40, 17, true},
        {"TCP behind hop-by-hop", Packet().ipv6(six_a, six_b).hop_by_hop().tcp(9, 8).payload(odd), 48, 6, true},
        {"ICMPv6 echo", Packet().ipv6(six_a, six_b).icmp_echo(1, 2).payload(odd), 40, 58, true},
    };
    for (const TransportCase& test : cases) {
        SCOPED_TRACE(test.description);
        const Bytes bytes = test.packet.bytes();
        const std::span<const std::uint8_t> all(bytes);
        const auto transport = all.subspan(test.ip_size);
        const auto addresses = test.v6 ? all.subspan(8, 32) : all.subspan(12, 8);
        const auto length = static_cast<std::uint32_t>(transport.size());
        EXPECT_EQ(ones_complement(transport, ones_complement(addresses) + length + test.protocol), 0xffffU);
        if (!test.v6) {
            EXPECT_EQ(ones_complement(all.first(test.ip_size)), 0xffffU);
        }
        EXPECT_EQ(u16_at(bytes, test.v6 ? 4 : 2), bytes.size() - (test.v6 ? 40 : 0));
    }
}

TEST(PacketBuilder, IcmpChecksumHasNoPseudoHeader) {
    const Bytes bytes = Packet().ipv4("192.0.2.1", "192.0.2.2").icmp_echo(7, 1).payload("abc").bytes();
    EXPECT_EQ(bytes[20], 8);
    EXPECT_EQ(ones_complement(std::span(bytes).subspan(20)), 0xffffU);
}

TEST(PacketBuilder, UdpNeverSendsAZeroChecksumUnlessAsked) {
    Packet packet = Packet().ipv4("0.0.0.0", "0.0.0.0").udp(0, 0);
    const std::uint32_t sum = 17 + 10 + 10;  // protocol and the length twice
    packet.payload(ByteWriter().u16(0xffff - sum).take());
    EXPECT_EQ(u16_at(packet.bytes(), 26), 0xffffU);
    EXPECT_EQ(u16_at(packet.transport_checksum(0).bytes(), 26), 0U);
}

TEST(PacketBuilder, LinkLayersNameWhatFollows) {
    const Ip a = "192.0.2.1", b = "192.0.2.2", a6 = "fe80::1", b6 = "fe80::2";
    const Bytes tagged = from_left().qinq(5, 10).ipv6(a6, b6).bytes();
    EXPECT_EQ(Bytes(tagged.begin() + 12, tagged.begin() + 22), from_hex("88a8 0005 8100 000a 86dd"));
    EXPECT_EQ(u16_at(from_left().ipv4(a, b).bytes(), 12), 0x0800U);
    EXPECT_EQ(u16_at(from_left().arp_request(kLeft, a, b).bytes(), 12), 0x0806U);
    EXPECT_EQ(u16_at(from_left().ipv4(a, b).ether_type(0x1234).bytes(), 12), 0x1234U);
    EXPECT_EQ(u16_at(Packet().cooked(kLeft).ipv4(a, b).bytes(), 14), 0x0800U);
    EXPECT_EQ(u16_at(Packet().cooked_v2(kLeft).ipv6(a6, b6).bytes(), 0), 0x86ddU);
    EXPECT_EQ(Packet().null_loopback().ipv6(a6, b6).bytes()[0], 30);
    EXPECT_EQ(Packet().null_loopback().ipv4(a, b).bytes()[0], 2);

    EXPECT_EQ(from_left().link_type(), LinkType::ethernet);
    EXPECT_EQ(Packet().ipv4(a, b).link_type(), LinkType::raw);
    EXPECT_EQ(Packet().null_loopback().link_type(), LinkType::null_loopback);
    EXPECT_EQ(Packet().cooked(kLeft).link_type(), LinkType::linux_sll);
    EXPECT_EQ(Packet().cooked_v2(kLeft).link_type(), LinkType::linux_sll2);
}

TEST(PacketBuilder, ExtensionHeadersFormAChainOfEights) {
    const Packet packet = Packet()
                              .ipv6("fe80::1", "fe80::2")
                              .hop_by_hop({5, 2, 0, 0})
                              .destination_options()
                              .fragment_header(1480, true, 0xabcd)
                              .udp(1, 2);
    const Bytes bytes = packet.bytes();
    EXPECT_EQ(bytes[6], 0);    // hop-by-hop
    EXPECT_EQ(bytes[40], 60);  // destination options
    EXPECT_EQ(bytes[48], 44);  // fragment
    EXPECT_EQ(Bytes(bytes.begin() + 56, bytes.begin() + 64), from_hex("11 00 05c9 0000abcd"));
    EXPECT_EQ(bytes.size(), 72U);
}

TEST(PacketBuilder, EveryRightValueCanBeMadeWrong) {
    const Ip a = "192.0.2.1", b = "192.0.2.2";
    EXPECT_EQ(Packet().ipv4(a, b).ip_version(5).bytes()[0] >> 4, 5);
    EXPECT_EQ(Packet().ipv4(a, b).ip_header_words(3).bytes()[0] & 15, 3);
    EXPECT_EQ(u16_at(Packet().ipv4(a, b).ip_total_length(9).bytes(), 2), 9U);
    EXPECT_EQ(u16_at(Packet().ipv4(a, b).ip_checksum(0xdead).bytes(), 10), 0xdeadU);
    EXPECT_EQ(Packet().ipv4(a, b).tcp(1, 2).data_offset(15).bytes()[32] >> 4, 15);
    EXPECT_EQ(u16_at(Packet().ipv4(a, b).tcp(1, 2).transport_checksum(1).bytes(), 36), 1U);
    EXPECT_EQ(u16_at(Packet().ipv4(a, b).udp(1, 2).udp_length(7).bytes(), 24), 7U);
    EXPECT_EQ(Packet().ipv4(a, b).udp(1, 2).ip_protocol(99).bytes()[9], 99);
    EXPECT_EQ(u16_at(Packet().ipv4(a, b).fragment(1480, true).bytes(), 6), 0x20b9U);
}

TEST(PacketBuilder, FramesKeepTheWireLengthWhenCut) {
    const Packet packet = from_left().ipv4("192.0.2.1", "192.0.2.2").udp(1, 2).payload(Bytes(100)).at(5);
    const TimedFrame frame = packet.frame(60);
    EXPECT_EQ(frame.bytes.size(), 60U);
    EXPECT_EQ(frame.wire_length, 142U);
    EXPECT_EQ(frame.ip_length, 128U);
    EXPECT_EQ(frame.time_ns, 5U);
    EXPECT_EQ(from_left().arp_request(kLeft, "192.0.2.1", "192.0.2.2").pad_frame_to(60).frame().ip_length, 0U);
    EXPECT_EQ(from_left().ipv4("192.0.2.1", "192.0.2.2").pad_frame_to(60).frame().ip_length, 20U);
}

TEST(PacketBuilder, FieldsOfMissingLayersAreErrors) {
    EXPECT_THROW(from_left().ttl(1), std::logic_error);
    EXPECT_THROW(from_left().ipv4("192.0.2.1", "192.0.2.2").syn(), std::logic_error);
    EXPECT_THROW(from_left().ipv4("fe80::1", "fe80::2"), std::logic_error);
    EXPECT_THROW(Mac("02:00:00"), std::invalid_argument);
    EXPECT_THROW(Ip("300.1.1.1"), std::invalid_argument);
    EXPECT_THROW(from_hex("123"), std::invalid_argument);
}

}  // namespace
}  // namespace telltale::support
