// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/decode/affinity.h"
#include "sensor/decode/checksum.h"
#include "tests/unit/decode/frames.h"

namespace telltale::decode {
namespace {

using support::Bytes;
using support::from_hex;
using support::Packet;

constexpr base::HashKey kKey{1, 2};

Packet ip(const char* source = "10.0.0.1", const char* destination = "192.0.2.7") {
    return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ip(source, destination);
}

TEST(Tcp, ReadsItsFields) {
    const Decoded decoded(ip().tcp(40000, 443).seq(0x01020304).ack(0x05060708).syn().window(4711).mss(1460).nop());
    const model::PacketView& view = decoded.view;
    EXPECT_EQ(view.source_port, 40000);
    EXPECT_EQ(view.destination_port, 443);
    EXPECT_EQ(view.tcp_sequence, 0x01020304U);
    EXPECT_EQ(view.tcp_acknowledgement, 0x05060708U);
    EXPECT_EQ(view.tcp_flags, model::kTcpSyn | model::kTcpAck);
    EXPECT_EQ(view.tcp_window, 4711);
    EXPECT_EQ(Bytes(view.tcp_options.begin(), view.tcp_options.end()), from_hex("020405b4 01000000"));
}

TEST(Icmp, QueriesAndAnswersAreOneFlowAndOthersOfTheirOwn) {
    const auto key = [](const Packet& packet) { return model::flow_place(Decoded(packet).view).key; };
    const auto there = [] { return ip("10.0.0.1", "10.0.0.2"); };
    const auto back = [] { return ip("10.0.0.2", "10.0.0.1"); };
    EXPECT_EQ(key(there().icmp(8)), key(back().icmp(0)));
    EXPECT_EQ(key(there().icmp(8)), key(there().icmp(8, 3))) << "the code of a query does not matter";
    EXPECT_NE(key(there().icmp(8)), key(back().icmp(8)));
    EXPECT_NE(key(there().icmp(3, 1)), key(there().icmp(3, 3)));
    EXPECT_NE(key(there().icmp(3, 1)), key(back().icmp(3, 1))) << "nobody answers it";
    EXPECT_NE(key(there().icmp(3, 5)), key(back().icmp(5, 3)));
    EXPECT_EQ(key(ip("fe80::1", "fe80::2").icmp(135)), key(ip("fe80::2", "fe80::1").icmp(136)));
    EXPECT_NE(key(ip("fe80::1", "fe80::2").icmp(8)), key(ip("fe80::2", "fe80::1").icmp(0))) << "those are version 4's";

    const Decoded decoded(there().icmp(3, 1));
    EXPECT_FALSE(decoded.view.has_ports);
    EXPECT_EQ(decoded.view.source_port, 3);
    EXPECT_EQ(decoded.view.destination_port, model::kIcmpCode | 1);
    constexpr std::size_t kBehindIp = 34;
    EXPECT_EQ(Decoded(there().icmp(8), kBehindIp + 1).view.destination_port, 0) << "cut before the code";
    EXPECT_EQ(Decoded(there().icmp(8), kBehindIp + 2).view.source_port, 8);
}

TEST(Sctp, ReadsItsPorts) {
    const Packet packet = Packet()
                              .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                              .ipv4("10.0.0.1", "10.0.0.2")
                              .ip_protocol(model::kProtocolSctp)
                              .payload(from_hex("0b59 0b5a 00000001 00000000 00000000"));
    const Decoded decoded(packet);
    EXPECT_TRUE(decoded.view.has_ports);
    EXPECT_EQ(decoded.view.source_port, 0x0b59);
    EXPECT_EQ(decoded.view.destination_port, 0x0b5a);
    EXPECT_FALSE(Decoded(packet, 34 + 3).view.has_ports);
}

TEST(Tcp, ReadsSnappedHeadersAsFarAsTheyGo) {
    const Packet packet = ip().tcp(40000, 443).seq(7).ack(9).window(11).mss(1460).payload("abcdef");
    constexpr std::size_t kTcp = 34;
    struct Case {
        std::string description;
        std::size_t snap;
        bool ports;
        std::uint32_t sequence;
        std::uint8_t flags;
        std::string outcome;
    };
    const std::vector<Case> cases{
        {"within the ports", kTcp + 3, false, 0, 0, "snapped"},
        {"behind the ports", kTcp + 4, true, 0, 0, "snapped"},
        {"behind the sequence number", kTcp + 8, true, 7, 0, "snapped"},
        {"behind the flags", kTcp + 14, true, 7, model::kTcpAck, "snapped"},
        {"within the options", kTcp + 22, true, 7, model::kTcpAck, "snapped"},
        {"within the payload", kTcp + 26, true, 7, model::kTcpAck, "ipv4"},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.description);
        const Decoded decoded(packet, test.snap);
        EXPECT_EQ(decoded.view.has_ports, test.ports);
        EXPECT_EQ(decoded.view.source_port, test.ports ? 40000 : 0);
        EXPECT_EQ(decoded.view.tcp_sequence, test.sequence);
        EXPECT_EQ(decoded.view.tcp_flags, test.flags);
        EXPECT_EQ(to_string(decoded.outcome), test.outcome);
        EXPECT_EQ(decoded.view.ip_length, 50U);
    }
    const Decoded cut(packet, kTcp + 26);
    EXPECT_EQ(base::as_text(cut.view.payload), "ab");
    EXPECT_EQ(cut.view.payload_length, 6U);
    EXPECT_TRUE(cut.view.payload_cut());
}

TEST(Udp, LengthBoundsThePayload) {
    const Decoded shorter(ip().udp(1, 2).payload("abcdef").udp_length(11));
    EXPECT_EQ(base::as_text(shorter.view.payload), "abc");
    EXPECT_EQ(to_string(shorter.outcome), "ipv4");
    const Decoded longer(ip().udp(1, 2).payload("abcdef").udp_length(100));
    EXPECT_EQ(base::as_text(longer.view.payload), "abcdef");
    EXPECT_EQ(longer.view.payload_length, 6U);
}

struct ChecksumCase {
    std::string description;
    Packet packet;
    bool expected;
};

// A host with checksum offload leaves the pseudo header's sum in the field, not complemented.
std::uint16_t pseudo_sum(std::uint8_t protocol, std::size_t length) {
    support::ByteWriter pseudo;
    pseudo.raw(from_hex("0a000001 c0000207")).u32(protocol).u32(static_cast<std::uint32_t>(length));
    return static_cast<std::uint16_t>(~support::checksum_fold(support::checksum_add(0, pseudo.bytes())));
}

TEST(TransportChecksum, SpeaksOnlyWhereItCan) {
    const std::vector<ChecksumCase> cases{
        {"TCP over IPv4", ip().tcp(1, 2).payload("abc"), true},
        {"TCP over IPv6", ip("2001:db8::1", "2001:db8::2").tcp(1, 2).mss(9).payload("abcd"), true},
        {"UDP over IPv6", ip("2001:db8::1", "2001:db8::2").hop_by_hop().udp(1, 2).payload("a"), true},
        {"padding is not summed", ip().udp(1, 2).pad_frame_to(60), true},
        {"wrong TCP", ip().tcp(1, 2).payload("abc").transport_checksum(0x1234), false},
        {"wrong UDP", ip().udp(1, 2).payload("abc").transport_checksum(0x1234), false},
        {"UDP without", ip().udp(1, 2).payload("abc").transport_checksum(0), true},
        {"TCP of zero is wrong", ip().tcp(1, 2).payload("abc").transport_checksum(0), false},
        {"fragment", ip().fragment(0, true).udp(1, 2).payload("abc").transport_checksum(0x1234), true},
        {"offload", ip().tcp(1, 2).payload("abc").transport_checksum(pseudo_sum(6, 23)), true},
        {"segmentation offload", ip().tcp(1, 2).payload("abc").transport_checksum(pseudo_sum(6, 0)), true},
        {"ICMP", ip().icmp_echo(1, 1), true},
        {"broken TCP header", ip().tcp(1, 2).data_offset(3).transport_checksum(1), true},
    };
    for (const ChecksumCase& test : cases) {
        SCOPED_TRACE(test.description);
        EXPECT_EQ(transport_checksum_ok(Decoded(test.packet).view), test.expected);
    }
    const Decoded snapped(ip().tcp(1, 2).payload("abcdef").transport_checksum(0x1234), 56);
    EXPECT_TRUE(transport_checksum_ok(snapped.view));
}

std::uint64_t affinity(const Packet& packet) { return affinity_hash(OwnedFrame(packet).frame, kKey); }

TEST(Affinity, KeepsAFlowTogetherAndFlowsApart) {
    const Packet there = ip().tcp(40000, 443).payload("abc");
    const Packet back = ip("192.0.2.7", "10.0.0.1").tcp(443, 40000).ack(9);
    EXPECT_EQ(affinity(there), affinity(back));
    EXPECT_NE(affinity(there), affinity(ip().tcp(40001, 443)));
    EXPECT_NE(affinity(there), affinity(ip().udp(40000, 443)));
    const Packet tagged = Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(10);
    EXPECT_NE(affinity(there), affinity(Packet(tagged).ip("10.0.0.1", "192.0.2.7").tcp(40000, 443)));
    EXPECT_NE(affinity(there), affinity_hash(OwnedFrame(there).frame, base::HashKey{3, 4}));
    EXPECT_EQ(affinity(there), affinity_hash(Decoded(there).view, kKey));
}

TEST(Affinity, FragmentsGoByAddressesAndOthersByMac) {
    const Packet later = ip().fragment(8, true).ip_protocol(17).payload("abcdefgh");
    const Packet last = ip("192.0.2.7", "10.0.0.1").fragment(16, false).ip_protocol(17).payload("12");
    EXPECT_EQ(affinity(later), affinity(last));
    const auto arp = [](const char* mac, const char* address) {
        return affinity(Packet().ethernet(mac, "ff:ff:ff:ff:ff:ff").arp_request(mac, address, "10.0.0.9"));
    };
    EXPECT_EQ(arp("02:00:00:00:00:01", "10.0.0.1"), arp("02:00:00:00:00:01", "10.0.0.2"));
    EXPECT_NE(arp("02:00:00:00:00:01", "10.0.0.1"), arp("02:00:00:00:00:02", "10.0.0.1"));
}

}  // namespace
}  // namespace telltale::decode
