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

Packet ip4() { return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "192.0.2.7"); }
Packet ip6() { return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("2001:db8::1", "2001:db8::2"); }

TEST(Ipv4, ReadsItsFields) {
    const Decoded decoded(ip4().ttl(63).dont_fragment().udp(5353, 53).payload("abcd"));
    const model::PacketView& view = decoded.view;
    EXPECT_EQ(view.network, model::Network::ipv4);
    EXPECT_EQ(view.ttl, 63);
    EXPECT_EQ(view.protocol, model::kProtocolUdp);
    EXPECT_EQ(view.ip_length, 32U);
    EXPECT_TRUE(view.dont_fragment);
    EXPECT_FALSE(view.fragment);
    EXPECT_EQ(view.transport_offset, 34U);
    EXPECT_EQ(view.payload_length, 4U);
    EXPECT_EQ(decoded.counters.ipv4_bad_checksums, 0U);
}

TEST(Ipv4, SkipsOptions) {
    const Decoded decoded(ip4().ip_options(from_hex("94040000 01")).tcp(1, 2).payload("abc"));
    EXPECT_EQ(decoded.view.destination_port, 2);
    EXPECT_EQ(base::as_text(decoded.view.payload), "abc");
    EXPECT_EQ(decoded.counters.ipv4_bad_checksums, 0U);
}

TEST(Ipv4, CountsBadChecksumsAndReadsOn) {
    const Decoded decoded(ip4().ip_checksum(0x1234).udp(1, 2).payload("abc"));
    EXPECT_EQ(decoded.counters.ipv4_bad_checksums, 1U);
    EXPECT_EQ(to_string(decoded.outcome), "ipv4");
    EXPECT_EQ(base::as_text(decoded.view.payload), "abc");
}

TEST(Ipv4, LengthBoundsThePayload) {
    const Decoded padded(ip4().tcp(1, 2).pad_frame_to(60));
    EXPECT_TRUE(padded.view.payload.empty());
    EXPECT_EQ(padded.view.payload_length, 0U);

    const Decoded longer(ip4().tcp(1, 2).payload("abc").ip_total_length(1500));
    EXPECT_EQ(base::as_text(longer.view.payload), "abc");
    EXPECT_EQ(longer.view.payload_length, 1460U);
    EXPECT_EQ(longer.view.ip_length, 1500U);
    EXPECT_EQ(longer.counters.ip_length_beyond_frame, 1U);
}

TEST(Ipv4, LengthZeroMeansTheFrame) {
    const Decoded decoded(ip4().tcp(1, 2).payload("abcdef").ip_total_length(0));
    EXPECT_EQ(decoded.view.ip_length, 46U) << "what was on the wire";
    EXPECT_EQ(base::as_text(decoded.view.payload), "abcdef");
    EXPECT_EQ(decoded.view.payload_length, 6U);
    EXPECT_EQ(decoded.counters.ip_length_zero, 1U);
    const Decoded udp(ip4().udp(1, 2).udp_length(0).payload("abcdef").ip_total_length(0));
    EXPECT_EQ(to_string(udp.outcome), "ipv4");
    EXPECT_EQ(base::as_text(udp.view.payload), "abcdef");
}

TEST(Ipv4, KeepsAddressesWhenTheRestIsBroken) {
    const Decoded decoded(ip4().tcp(1, 2).data_offset(3).payload("abc"));
    EXPECT_EQ(to_string(decoded.outcome), "malformed_tcp");
    EXPECT_EQ(model::to_string(decoded.view.source), "10.0.0.1");
    EXPECT_TRUE(decoded.view.has_ports);
    EXPECT_TRUE(decoded.view.payload.empty());
}

TEST(Ipv4, OnlyFirstFragmentsHavePorts) {
    const Decoded first(ip4().fragment(0, true).udp(1, 2).udp_length(3000).payload(Bytes(992, 'x')));
    EXPECT_EQ(to_string(first.outcome), "ipv4");
    EXPECT_TRUE(first.view.fragment && first.view.first_fragment && first.view.has_ports);
    EXPECT_EQ(first.view.payload.size(), 992U);

    const Decoded later(ip4().fragment(1000, true).ip_protocol(17).payload("abcdefgh"));
    EXPECT_TRUE(later.view.fragment);
    EXPECT_FALSE(later.view.first_fragment || later.view.has_ports);
    EXPECT_EQ(later.view.protocol, model::kProtocolUdp);
    EXPECT_EQ(base::as_text(later.view.payload), "abcdefgh");
    EXPECT_EQ(later.counters.ip_fragments, 1U);

    const Decoded last(ip4().fragment(2000, false).ip_protocol(17).payload("abcdefgh"));
    EXPECT_TRUE(last.view.fragment);
    EXPECT_FALSE(last.view.has_ports);
}

TEST(Ipv4, ReadsThroughTheAuthenticationHeader) {
    const Bytes header = from_hex("06 04 0000 00000001 00000002 000102030405060708090a0b");
    const Bytes tcp = from_hex("0001 0002 00000003 00000004 5018 1000 0000 0000") + support::to_bytes("abc");
    const Decoded decoded(ip4().ip_protocol(51).payload(header + tcp));
    EXPECT_EQ(decoded.view.protocol, model::kProtocolTcp);
    EXPECT_EQ(decoded.view.destination_port, 2);
    EXPECT_EQ(base::as_text(decoded.view.payload), "abc");
}

TEST(Ipv6, ReadsItsFields) {
    const Decoded decoded(ip6().ttl(3).tcp(1, 2).payload("abc"));
    const model::PacketView& view = decoded.view;
    EXPECT_EQ(view.network, model::Network::ipv6);
    EXPECT_EQ(model::to_string(view.source), "2001:db8::1");
    EXPECT_EQ(model::to_string(view.destination), "2001:db8::2");
    EXPECT_EQ(view.ttl, 3);
    EXPECT_EQ(view.ip_length, 63U);
    EXPECT_EQ(base::as_text(view.payload), "abc");
}

TEST(Ipv6, SkipsExtensionHeaders) {
    const std::vector<std::pair<std::string, Packet>> cases{
        {"hop by hop", ip6().hop_by_hop()},
        {"destination options of 16 bytes", ip6().destination_options(from_hex("010c000000000000000000000000"))},
        {"routing", ip6().routing(from_hex("020000000000") + Bytes(16, 1))},
        {"authentication", ip6().extension(51, from_hex("04 0000 00000001 00000002 000102030405060708090a0b"))},
        {"atomic fragment", ip6().fragment_header(0, false, 7)},
        {"all of them", ip6().hop_by_hop().destination_options().fragment_header(0, false, 7).destination_options()},
    };
    for (const auto& [description, packet] : cases) {
        SCOPED_TRACE(description);
        const Decoded decoded(Packet(packet).udp(1, 2).payload("abc"));
        EXPECT_EQ(to_string(decoded.outcome), "ipv6");
        EXPECT_EQ(decoded.view.protocol, model::kProtocolUdp);
        EXPECT_EQ(decoded.view.destination_port, 2);
        EXPECT_FALSE(decoded.view.fragment);
        EXPECT_EQ(base::as_text(decoded.view.payload), "abc");
    }
}

TEST(Ipv6, OnlyFirstFragmentsHavePorts) {
    const Decoded first(ip6().fragment_header(0, true, 7).udp(1, 2).udp_length(3000).payload("abc"));
    EXPECT_EQ(to_string(first.outcome), "ipv6");
    EXPECT_TRUE(first.view.first_fragment && first.view.has_ports);
    const Decoded later(ip6().fragment_header(1000, false, 7).ip_protocol(17).payload("abcdefgh"));
    EXPECT_TRUE(later.view.fragment);
    EXPECT_FALSE(later.view.first_fragment || later.view.has_ports);
    EXPECT_EQ(later.view.protocol, model::kProtocolUdp);
    EXPECT_EQ(later.counters.ip_fragments, 1U);
}

TEST(Ipv6, LengthZeroMeansTheFrameUnlessNothingFollows) {
    const Decoded offload(ip6().tcp(1, 2).payload("abc").ip_total_length(0));
    EXPECT_EQ(base::as_text(offload.view.payload), "abc");
    EXPECT_EQ(offload.view.ip_length, 63U);
    EXPECT_EQ(offload.counters.ip_length_zero, 1U);
    const Decoded none(ip6().ip_protocol(59).pad_frame_to(60));
    EXPECT_TRUE(none.view.payload.empty());
    EXPECT_EQ(none.counters.ip_length_zero, 0U);
}

}  // namespace
}  // namespace telltale::decode
