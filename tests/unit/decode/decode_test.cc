// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/decode.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/unit/decode/frames.h"

namespace telltale::decode {
namespace {

using support::Bytes;
using support::from_hex;
using support::Packet;

constexpr const char* kMac = "02:00:00:00:00:01";
constexpr const char* kPeer = "02:00:00:00:00:02";

Packet ethernet() { return Packet().ethernet(kMac, kPeer); }
Packet tcp4() { return ethernet().ipv4("10.0.0.1", "192.0.2.7").tcp(40000, 443); }
Packet udp4() { return ethernet().ipv4("10.0.0.1", "192.0.2.7").udp(5353, 53); }
Packet ip6() { return ethernet().ipv6("2001:db8::1", "2001:db8::2"); }

struct OutcomeCase {
    std::string description;
    Packet packet;
    DecodeOutcome expected;
};

std::vector<OutcomeCase> outcome_cases() {
    Packet many_tags = ethernet();
    for (int i = 0; i < 9; ++i) many_tags.vlan(7);
    Packet many_headers = ip6();
    for (int i = 0; i < 13; ++i) many_headers.destination_options();
    return {
        {"TCP over IPv4", tcp4(), DecodeOutcome::ipv4},
        {"UDP over IPv4", udp4().payload("x"), DecodeOutcome::ipv4},
        {"ICMP", ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp_echo(1, 1), DecodeOutcome::ipv4},
        {"TCP over IPv6", ip6().tcp(1, 2), DecodeOutcome::ipv6},
        {"ARP", ethernet().arp_request(kMac, "10.0.0.1", "10.0.0.2"), DecodeOutcome::arp},
        {"unknown EtherType", ethernet().ether_type(0x88cc).payload("lldp"), DecodeOutcome::other_ether_type},
        {"undefined length", ethernet().ether_type(0x05ee).payload("?"), DecodeOutcome::other_ether_type},
        {"LLC", ethernet().ether_type(3).payload(from_hex("424203")), DecodeOutcome::llc},
        {"SNAP of another organisation", ethernet().ether_type(8).payload(from_hex("aaaa0300000c2000")),
         DecodeOutcome::other_ether_type},
        {"LLC shorter than its header", ethernet().ether_type(2).payload(from_hex("4242")),
         DecodeOutcome::malformed_llc},
        {"nine VLAN tags", many_tags, DecodeOutcome::malformed_vlan},
        {"version 6 behind IPv4's EtherType", tcp4().ip_version(6), DecodeOutcome::malformed_ip_version},
        {"raw IP of version 5", Packet().raw().ipv4("10.0.0.1", "10.0.0.2").ip_version(5),
         DecodeOutcome::malformed_ip_version},
        {"IPv4 header length 16", tcp4().ip_header_words(4), DecodeOutcome::malformed_ipv4_header},
        {"IPv4 header beyond the frame",
         ethernet().ipv4("10.0.0.1", "10.0.0.2").ip_header_words(15).ip_total_length(60),
         DecodeOutcome::malformed_ipv4_header},
        {"IPv4 total length 19", tcp4().ip_total_length(19), DecodeOutcome::malformed_ipv4_length},
        {"IPv4 total length that ends in TCP's header", tcp4().ip_total_length(39), DecodeOutcome::malformed_tcp},
        {"IPv4 total length beyond the frame", tcp4().ip_total_length(60000), DecodeOutcome::ipv4},
        {"TCP data offset 4", tcp4().data_offset(4), DecodeOutcome::malformed_tcp},
        {"TCP options beyond the segment", tcp4().data_offset(15), DecodeOutcome::malformed_tcp},
        {"UDP length 7", udp4().payload("abc").udp_length(7), DecodeOutcome::malformed_udp},
        {"UDP length beyond the datagram", udp4().payload("abc").udp_length(12), DecodeOutcome::malformed_udp},
        {"UDP length 0", udp4().payload("abc").udp_length(0), DecodeOutcome::malformed_udp},
        {"thirteen IPv6 extension headers", many_headers, DecodeOutcome::malformed_ipv6_extension},
        {"IPv6 extension header beyond the datagram", ip6().extension(0, from_hex("05 00 00 00 00 00 00")),
         DecodeOutcome::malformed_ipv6_extension},
        {"IPv6 without next header", ip6().ip_protocol(59), DecodeOutcome::ipv6},
    };
}

TEST(Decode, EndsInTheExpectedOutcome) {
    for (const OutcomeCase& test : outcome_cases()) {
        SCOPED_TRACE(test.description);
        const Decoded decoded(test.packet);
        EXPECT_EQ(to_string(decoded.outcome), to_string(test.expected));
        EXPECT_EQ(decoded.counters.count(test.expected), 1U);
    }
}

TEST(Decode, CountsEveryFrameOnceAtEveryTruncation) {
    std::set<DecodeOutcome> seen;
    for (const OutcomeCase& test : outcome_cases()) {
        SCOPED_TRACE(test.description);
        const Bytes whole = test.packet.bytes();
        const auto wire = static_cast<std::uint32_t>(whole.size());
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const model::LinkType link = model_link(test.packet.link_type());
            for (const std::uint32_t wire_length : {wire, std::uint32_t{0}}) {
                const Decoded decoded(OwnedFrame(cut, link, wire_length));
                seen.insert(decoded.outcome);
                ASSERT_EQ(decoded.counters.frames(), 1U);
                ASSERT_EQ(decoded.counters.snapped_frames, size < wire_length ? 1U : 0U);
                ASSERT_LE(decoded.view.payload.size(), size);
                ASSERT_TRUE(wire_length != 0 || decoded.outcome != DecodeOutcome::snapped) << size;
            }
        }
    }
    seen.insert(Decoded(OwnedFrame(from_hex("80 00"), model::LinkType::wireless)).outcome);  // no packet is built so
    EXPECT_EQ(seen.size(), base::kCount<DecodeOutcome>) << "an outcome is not reached by any case";
}

TEST(Decode, SumOfOutcomesClosesOverBatches) {
    std::vector<OwnedFrame> owned;
    for (const OutcomeCase& test : outcome_cases()) owned.emplace_back(test.packet);
    std::vector<model::Frame> frames;
    for (const OwnedFrame& one : owned) frames.push_back(one.frame);
    std::vector<model::PacketView> views(frames.size());
    DecodeCounters batch;
    decode_batch(frames, views, batch);
    DecodeCounters single;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        model::PacketView view;
        decode(frames[i], view, single);
        EXPECT_EQ(views[i].frame, &frames[i]);
        EXPECT_EQ(views[i].payload.data(), view.payload.data());
        EXPECT_EQ(views[i].source, view.source);
    }
    EXPECT_EQ(batch.outcomes, single.outcomes);
    EXPECT_EQ(batch.frames(), frames.size());
    base::add(batch, single);
    EXPECT_EQ(batch.frames(), 2 * frames.size());
    EXPECT_EQ(batch.malformed_frames(), 2 * single.malformed_frames());
}

TEST(Decode, NamesEveryOutcomeDifferently) {
    std::set<std::string_view> names;
    for (const auto outcome : base::enumerators<DecodeOutcome>()) names.insert(to_string(outcome));
    EXPECT_EQ(names.size(), base::kCount<DecodeOutcome>);
    EXPECT_FALSE(names.contains(""));
}

TEST(Decode, ResetsTheView) {
    Decoded decoded(tcp4().payload("abc"));
    const OwnedFrame arp(ethernet().arp_request(kMac, "10.0.0.1", "10.0.0.2"));
    decode(arp.frame, decoded.view, decoded.counters);
    EXPECT_FALSE(decoded.view.has_ports);
    EXPECT_TRUE(decoded.view.payload.empty());
    EXPECT_EQ(decoded.view.ip_length, 0U);
}

}  // namespace
}  // namespace telltale::decode
