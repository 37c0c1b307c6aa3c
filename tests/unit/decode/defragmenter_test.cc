// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/defragmenter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/random.h"
#include "tests/unit/decode/fragments.h"

namespace telltale::decode {
namespace {

using support::Bytes;
using support::Packet;
using support::operator+;

constexpr std::uint32_t kId = 0x1234;
constexpr std::int64_t kSecond = base::kSecondNs;

Packet ethernet() { return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02"); }
Packet ip4() { return ethernet().ipv4("10.0.0.1", "192.0.2.7").ip_id(kId); }
Packet ip6() { return ethernet().ipv6("2001:db8::1", "2001:db8::2"); }

// UDP header and data, to be cut in pieces.
Bytes udp(std::size_t size, std::uint8_t seed = 0) {
    Bytes bytes = support::from_hex("9c40 0035 0000 0000");
    bytes[4] = static_cast<std::uint8_t>(size >> 8);
    bytes[5] = static_cast<std::uint8_t>(size);
    for (std::size_t i = bytes.size(); i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7 + seed));
    return bytes;
}

struct HeadCase {
    std::string description;
    Packet head;
    bool v6;
};

TEST(Defragmenter, GivesTheDatagramThatWasCut) {
    const std::vector<HeadCase> cases{
        {"Ethernet, IPv4", ip4(), false},
        {"IPv4 with options", ip4().ip_options(support::from_hex("94040000")), false},
        {"VLAN", ethernet().vlan(10).ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"two tags", ethernet().qinq(10, 20).ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"raw IPv4", Packet().ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"null", Packet().null_loopback().ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"cooked", Packet().cooked("02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"cooked 2", Packet().cooked_v2("02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2").ip_id(kId), false},
        {"IPv6", ip6(), true},
        {"raw IPv6", Packet().ipv6("2001:db8::1", "2001:db8::2"), true},
        {"IPv6 behind a tag", ethernet().vlan(10).ipv6("2001:db8::1", "2001:db8::2"), true},
        {"IPv6 with extensions before", ip6().hop_by_hop().destination_options(), true},
        {"IPv6 with an atomic fragment's header before", ip6().fragment_header(0, false, 9), true},
    };
    const Bytes payload = udp(3003);
    for (const HeadCase& test : cases) {
        SCOPED_TRACE(test.description);
        const Bytes expected = Packet(test.head).ip_protocol(17).payload(payload).bytes();
        std::vector<Piece> pieces = pieces_of(payload, 1480);
        for (int turned = 0; turned < 2; ++turned) {
            Reassembly reassembly;
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                const Packet packet = fragment_of(test.head, pieces[i], kId, test.v6);
                EXPECT_TRUE(may_be_fragment(OwnedFrame(packet).frame));
                EXPECT_EQ(reassembly.offer(packet, 5), i + 1 == pieces.size());
            }
            ASSERT_EQ(reassembly.datagrams.size(), 1U);
            EXPECT_EQ(reassembly.datagrams[0], expected);
            EXPECT_TRUE(reassembly.last.reassembled);
            EXPECT_EQ(reassembly.last.wire_length, expected.size());
            EXPECT_EQ(reassembly.last.timestamp_ns, 5);
            EXPECT_EQ(reassembly.last.order, reassembly.order.reassembled());
            EXPECT_EQ(reassembly.counters().fragments, pieces.size());
            EXPECT_EQ(reassembly.counters().datagrams_completed, 1U);
            EXPECT_EQ(reassembly.counters().datagrams_pending, 0U);
            std::reverse(pieces.begin(), pieces.end());
        }
    }
}

// MPLS labels and PPPoE sessions do not hide a fragment; what a tunnel carries is left to the tunnel's ends.
TEST(Defragmenter, FindsFragmentsBehindLabelsAndSessionsAndNoneInTunnels) {
    const std::vector<std::pair<std::uint16_t, Bytes>> links{
        {0x8847, support::from_hex("00001140")},
        {0x8848, support::from_hex("00001040 00002140")},
        {0x8864, support::from_hex("11000007 00fe 0021")},  // 252 bytes of IP and the protocol
    };
    const Packet plain = Packet().ipv4("10.0.0.1", "192.0.2.7").ip_id(kId);
    const std::vector<Piece> pieces = pieces_of(udp(464), 232);
    for (const auto& [type, shim] : links) {
        SCOPED_TRACE(type);
        Reassembly reassembly;
        for (const Piece& piece : pieces) {
            const Bytes datagram = fragment_of(plain, piece, kId).bytes();
            const Bytes bytes = ethernet().ether_type(type).payload(shim + datagram).bytes();
            const OwnedFrame owned(bytes, model::LinkType::ethernet);
            EXPECT_TRUE(may_be_fragment(owned.frame));
            reassembly.offer(owned.frame);
        }
        ASSERT_EQ(reassembly.datagrams.size(), 1U);
        model::PacketView view;
        DecodeCounters counters;
        EXPECT_EQ(to_string(decode(reassembly.last, view, counters)), "ipv4");
        EXPECT_EQ(view.payload.size(), 456U);
    }
    Reassembly reassembly;
    for (const Piece& piece : pieces) {
        reassembly.offer(Packet(ip4()).ip_protocol(4).payload(fragment_of(plain, piece, kId).bytes()));
    }
    EXPECT_EQ(reassembly.counters().fragments, 0U);
}

TEST(Defragmenter, WholeDatagramsDecodeWithoutAnOutcomeOfTheirOwn) {
    Reassembly reassembly;
    const Bytes payload = udp(2000);
    for (const Piece& piece : pieces_of(payload, 1000)) reassembly.offer(fragment_of(ip4(), piece, kId));
    ASSERT_EQ(reassembly.datagrams.size(), 1U);
    model::PacketView view;
    DecodeCounters counters;
    EXPECT_EQ(to_string(decode(reassembly.last, view, counters)), "ipv4");
    EXPECT_FALSE(view.fragment);
    EXPECT_EQ(view.destination_port, 53);
    EXPECT_EQ(view.payload.size(), 1992U);
    EXPECT_EQ(counters.frames(), 0U);
    EXPECT_EQ(counters.reassembled_datagrams, 1U);
    EXPECT_EQ(counters.ipv4_bad_checksums, 0U);
}

TEST(Defragmenter, KeepsDatagramsApart) {
    const Packet vlan = ethernet().vlan(10).ipv4("10.0.0.1", "192.0.2.7");
    const Packet other_source = ethernet().ipv4("10.0.0.9", "192.0.2.7");
    const Packet other_destination = ethernet().ipv4("10.0.0.1", "192.0.2.9");
    const std::vector<Piece> pieces = pieces_of(udp(32), 16);
    const std::vector<std::pair<std::string, Packet>> cases{
        {"identification", fragment_of(ip4(), pieces[1], kId + 1)},
        {"protocol", fragment_of(ip4(), pieces[1], kId, false, 6)},
        {"segment", fragment_of(vlan, pieces[1], kId)},
        {"source", fragment_of(other_source, pieces[1], kId)},
        {"destination", fragment_of(other_destination, pieces[1], kId)},
        {"link type", fragment_of(Packet().ipv4("10.0.0.1", "192.0.2.7"), pieces[1], kId)},
    };
    for (const auto& [description, other] : cases) {
        SCOPED_TRACE(description);
        Reassembly reassembly;
        EXPECT_FALSE(reassembly.offer(fragment_of(ip4(), pieces[0], kId)));
        EXPECT_FALSE(reassembly.offer(other));
        EXPECT_EQ(reassembly.counters().datagrams_pending, 2U);
        EXPECT_TRUE(reassembly.offer(fragment_of(ip4(), pieces[1], kId)));
    }
    // RFC 8200: the next header of later fragments does not matter.
    Reassembly reassembly;
    reassembly.offer(fragment_of(ip6(), pieces[0], kId, true, 17));
    EXPECT_TRUE(reassembly.offer(fragment_of(ip6(), pieces[1], kId, true, 59)));
    EXPECT_EQ(reassembly.datagrams.at(0)[20], 17);
}

TEST(Defragmenter, LeavesOtherFramesAlone) {
    Reassembly reassembly;
    const std::vector<Packet> packets{
        ip4().udp(1, 2).payload("abc"),
        ip4().dont_fragment().tcp(1, 2),
        ip6().udp(1, 2),
        ip6().fragment_header(0, false, 7).udp(1, 2),
        ip6().hop_by_hop().udp(1, 2),
        ethernet().vlan(10).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
        Packet().arp_request("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"),
    };
    for (const Packet& packet : packets) EXPECT_FALSE(reassembly.offer(packet));
    EXPECT_EQ(reassembly.counters().fragments, 0U);
    EXPECT_FALSE(may_be_fragment(OwnedFrame(packets[0]).frame));
    EXPECT_FALSE(may_be_fragment(OwnedFrame(packets[1]).frame));
    EXPECT_FALSE(may_be_fragment(OwnedFrame(packets[2]).frame));
    EXPECT_FALSE(may_be_fragment(OwnedFrame(packets[5]).frame));
}

TEST(Defragmenter, WaitsForHoles) {
    const std::vector<Piece> pieces = pieces_of(udp(40), 8);
    for (std::size_t missing = 0; missing < pieces.size(); ++missing) {
        Reassembly reassembly;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (i == missing) continue;
            EXPECT_FALSE(reassembly.offer(fragment_of(ip4(), pieces[i], kId)));
        }
        EXPECT_TRUE(reassembly.offer(fragment_of(ip4(), pieces[missing], kId)));
    }
}

TEST(Defragmenter, TakesDuplicatesForWhatTheyAre) {
    const Bytes payload = udp(24);
    const std::vector<Piece> pieces = pieces_of(payload, 8);
    for (const bool v6 : {false, true}) {
        const Packet head = v6 ? ip6() : ip4();
        Reassembly reassembly;
        reassembly.offer(fragment_of(head, pieces[0], kId, v6));
        reassembly.offer(fragment_of(head, pieces[0], kId, v6));
        reassembly.offer(fragment_of(head, pieces[2], kId, v6));
        reassembly.offer(fragment_of(head, pieces[2], kId, v6));
        EXPECT_TRUE(reassembly.offer(fragment_of(head, pieces[1], kId, v6)));
        EXPECT_EQ(reassembly.datagrams.at(0), Packet(head).ip_protocol(17).payload(payload).bytes());
        EXPECT_EQ(reassembly.counters().fragments_repeated, 2U);
        EXPECT_EQ(reassembly.counters().overlaps_different, 0U);
    }
}

Bytes filled(std::size_t size, char value) { return Bytes(size, static_cast<std::uint8_t>(value)); }

TEST(Defragmenter, FirstCopyStaysInIpv4) {
    Reassembly reassembly;
    reassembly.offer(fragment_of(ip4(), {8, filled(16, 'b'), true}, kId));
    reassembly.offer(fragment_of(ip4(), {0, filled(16, 'a'), true}, kId));  // its second half is late
    reassembly.offer(fragment_of(ip4(), {8, filled(8, 'c'), true}, kId));   // all of it is
    EXPECT_TRUE(reassembly.offer(fragment_of(ip4(), {16, filled(11, 'd'), false}, kId)));
    const Bytes expected = Packet(ip4()).ip_protocol(17).payload("aaaaaaaabbbbbbbbbbbbbbbbddd").bytes();
    EXPECT_EQ(reassembly.datagrams.at(0), expected);
    EXPECT_EQ(reassembly.counters().overlaps, 2U);
    EXPECT_EQ(reassembly.counters().fragments_repeated, 1U);
    EXPECT_EQ(reassembly.counters().overlaps_different, 3U);
}

TEST(Defragmenter, DiscardsIpv6DatagramsThatOverlap) {
    const std::vector<std::pair<std::string, Piece>> cases{
        {"partly", {8, filled(16, 'b'), true}},
        {"partly, with the same bytes", {8, filled(16, 'a'), true}},
        {"the same place, other bytes", {0, filled(16, 'b'), true}},
        {"an end within", {8, filled(4, 'a'), false}},
    };
    for (const auto& [description, piece] : cases) {
        SCOPED_TRACE(description);
        Reassembly reassembly;
        reassembly.offer(fragment_of(ip6(), {0, filled(16, 'a'), true}, kId, true));
        reassembly.offer(fragment_of(ip6(), piece, kId, true));
        EXPECT_FALSE(reassembly.offer(fragment_of(ip6(), {16, filled(16, 'c'), false}, kId, true)));
        EXPECT_EQ(reassembly.counters().datagrams_discarded, 1U);
        EXPECT_EQ(reassembly.counters().fragments_discarded, 1U);
        // A discarded datagram that ends is not counted again.
        reassembly.offer(fragment_of(ip6(), {0, filled(16, 'a'), true}, kId + 1, true), 100 * kSecond);
        EXPECT_EQ(reassembly.counters().datagrams_pending, 1U);
        EXPECT_EQ(reassembly.counters().datagrams_timed_out, 0U);
    }
}

TEST(Defragmenter, RefusesAnotherEnd) {
    const std::vector<std::pair<std::string, Piece>> cases{
        {"earlier", {16, filled(5, 'x'), false}},
        {"later", {16, filled(7, 'x'), false}},
        {"data behind it", {16, filled(8, 'x'), true}},
        {"far behind it", {800, filled(8, 'x'), true}},
    };
    for (const auto& [description, piece] : cases) {
        SCOPED_TRACE(description);
        Reassembly reassembly;
        reassembly.offer(fragment_of(ip4(), {16, filled(6, 'c'), false}, kId));
        EXPECT_FALSE(reassembly.offer(fragment_of(ip4(), piece, kId)));
        EXPECT_EQ(reassembly.counters().fragments_contradicting, 1U);
        EXPECT_TRUE(reassembly.offer(fragment_of(ip4(), {0, filled(16, 'a'), true}, kId)));
        EXPECT_EQ(reassembly.datagrams.at(0).size(), 14U + 20 + 22);
    }
}

TEST(Defragmenter, RefusesLengthsThatNoDatagramHas) {
    const std::vector<std::pair<std::string, Packet>> cases{
        {"no data", fragment_of(ip4(), {8, {}, false}, kId)},
        {"not a multiple of 8 before the end", fragment_of(ip4(), {8, filled(9, 'x'), true}, kId)},
        {"behind 65,535", fragment_of(ip4(), {65528, filled(8, 'x'), false}, kId)},
        {"with the header behind 65,535", fragment_of(ip4(), {65504, filled(12, 'x'), false}, kId)},
        {"length 0", fragment_of(ip4(), {8, filled(8, 'x'), true}, kId).ip_total_length(0)},
        {"length below the header", fragment_of(ip4(), {8, filled(8, 'x'), true}, kId).ip_total_length(19)},
        {"IPv6 without data", fragment_of(ip6(), {8, {}, false}, kId, true)},
        {"IPv6 behind 65,535", fragment_of(ip6(), {65528, filled(8, 'x'), false}, kId, true)},
        {"IPv6 with long extensions",
         fragment_of(ip6().destination_options(Bytes(300, 1)), {0, filled(8, 'x'), true}, kId, true)},
    };
    for (const auto& [description, packet] : cases) {
        SCOPED_TRACE(description);
        Reassembly reassembly;
        EXPECT_FALSE(reassembly.offer(packet));
        EXPECT_EQ(reassembly.counters().fragments_malformed, 1U);
        EXPECT_EQ(reassembly.counters().datagrams_pending, 0U);
    }
    // The first fragment's header is longer than the last one's, and makes the datagram too long.
    Reassembly reassembly;
    reassembly.offer(fragment_of(ip4(), {65504, filled(11, 'x'), false}, kId));
    const Packet head = ip4().ip_options(support::from_hex("94040000"));
    for (const Piece& piece : pieces_of(filled(65504, 'x'), 8 * 1024 - 8)) {
        reassembly.offer(fragment_of(head, {piece.offset, piece.bytes, true}, kId));
    }
    EXPECT_EQ(reassembly.counters().datagrams_too_long, 1U);
    EXPECT_TRUE(reassembly.datagrams.empty());
}

TEST(Defragmenter, TakesTheLongestDatagramInAnyPieces) {
    for (const bool v6 : {false, true}) {
        const Packet head = v6 ? ip6() : ip4();
        const Bytes payload = udp(v6 ? 65535 : 65515);
        const Bytes expected = Packet(head).ip_protocol(17).payload(payload).bytes();
        for (const std::size_t size : {std::size_t{8}, std::size_t{1480}, std::size_t{65000}}) {
            Reassembly reassembly;
            for (const Piece& piece : pieces_of(payload, size)) reassembly.offer(fragment_of(head, piece, kId, v6));
            ASSERT_EQ(reassembly.datagrams.size(), 1U) << size;
            EXPECT_TRUE(reassembly.datagrams[0] == expected) << size;
        }
    }
}

TEST(Defragmenter, DoesNotUseFragmentsThatTheCaptureCut) {
    const std::vector<Piece> pieces = pieces_of(udp(200), 104);
    Reassembly reassembly;
    EXPECT_FALSE(reassembly.offer(fragment_of(ip4(), pieces[0], kId), 0, 100));
    EXPECT_FALSE(reassembly.offer(fragment_of(ip6(), pieces[0], kId, true), 0, 100));
    EXPECT_EQ(reassembly.counters().fragments_cut, 2U);
    EXPECT_EQ(reassembly.counters().datagrams_pending, 0U);
}

TEST(Defragmenter, GivesUpInTime) {
    const std::vector<Piece> pieces = pieces_of(udp(32), 16);
    struct Case {
        const char* description;
        std::int64_t second_ns;
        bool completed;
    };
    for (const Case& test : {Case{"in time", 30 * kSecond, true}, Case{"late", 30 * kSecond + 1, false},
                             Case{"a little back", -60 * kSecond, true}, Case{"a jump back", -61 * kSecond, false}}) {
        SCOPED_TRACE(test.description);
        Reassembly reassembly;
        reassembly.offer(fragment_of(ip4(), pieces[0], kId), 0);
        EXPECT_EQ(reassembly.offer(fragment_of(ip4(), pieces[1], kId), test.second_ns), test.completed);
        EXPECT_EQ(reassembly.counters().datagrams_timed_out, test.completed ? 0U : 1U);
        EXPECT_EQ(reassembly.counters().datagrams_pending, test.completed ? 0U : 1U);
    }
}

TEST(Defragmenter, ReclaimsTheOldestWhenItIsFull) {
    const std::vector<Piece> pieces = pieces_of(udp(32), 16);
    Reassembly reassembly({{1, 2}, 4});
    for (std::uint32_t id = 0; id < 5; ++id) reassembly.offer(fragment_of(ip4(), pieces[0], id));
    EXPECT_EQ(reassembly.counters().datagrams_reclaimed, 1U);
    EXPECT_EQ(reassembly.counters().datagrams_pending, 4U);
    for (std::uint32_t id = 1; id < 5; ++id) EXPECT_TRUE(reassembly.offer(fragment_of(ip4(), pieces[1], id))) << id;
    EXPECT_FALSE(reassembly.offer(fragment_of(ip4(), pieces[1], 0)));
}

TEST(Defragmenter, DatagramsStayUntilTheyAreRecycled) {
    const DefragmenterConfig config{{1, 2}, 1};
    Defragmenter defragmenter(config);
    std::vector<std::pair<model::Frame, Bytes>> wholes;
    auto offer = [&](std::uint32_t id) {
        const Bytes payload = udp(32, static_cast<std::uint8_t>(id));
        model::Frame whole;
        bool done = false;
        for (const Piece& piece : pieces_of(payload, 16)) {
            const OwnedFrame owned(fragment_of(ip4(), piece, id));
            done = defragmenter.offer(owned.frame, whole);
        }
        const Packet head = ip4().ip_id(static_cast<std::uint16_t>(id));
        if (done) wholes.emplace_back(whole, Packet(head).ip_protocol(17).payload(payload).bytes());
    };
    for (std::uint32_t id = 0; id < Defragmenter::kMaxCompleted + 3; ++id) offer(id);
    EXPECT_GE(wholes.size(), Defragmenter::kMaxCompleted);
    for (const auto& [whole, expected] : wholes) {
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), whole.data, whole.data + whole.captured_length));
    }
    EXPECT_GT(defragmenter.counters().fragments_without_room, 0U);
    defragmenter.recycle();
    const std::size_t before = wholes.size();
    offer(1000);
    EXPECT_EQ(wholes.size(), before + 1);
}

// Reassembles IPv4 as the class's comment says, byte by byte.
struct NaiveDatagram {
    std::vector<int> bytes = std::vector<int>(2048, -1);
    std::size_t size = 0;
    std::size_t highest = 0;

    bool offer(const Piece& piece) {
        const std::size_t end = piece.offset + piece.bytes.size();
        if (piece.more && size != 0 && end > size) return false;
        if (!piece.more && ((size != 0 && end != size) || end < highest)) return false;
        for (std::size_t i = 0; i < piece.bytes.size(); ++i) {
            int& place = bytes[piece.offset + i];
            if (place < 0) place = piece.bytes[i];
        }
        highest = std::max(highest, end);
        if (!piece.more) size = end;
        return size != 0 && std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size), -1) == 0;
    }
};

TEST(Defragmenter, AgreesWithANaiveModel) {
    support::Random random(20);
    std::size_t completed = 0;
    for (int round = 0; round < 3000; ++round) {
        Reassembly reassembly;
        NaiveDatagram naive;
        const std::size_t blocks = random.between(2, 40);
        for (int count = 0; count < 60; ++count) {
            const std::size_t first = random.below(blocks);
            const std::size_t length = random.between(1, std::min<std::size_t>(blocks - first, 8));
            const bool more = first == 0 || first + length < blocks || random.chance(100);
            const std::size_t size = length * 8 - (more ? 0 : (blocks % 8));
            const Piece piece{static_cast<std::uint32_t>(first * 8), random.bytes(size), more};
            const bool done = naive.offer(piece);
            ASSERT_EQ(reassembly.offer(fragment_of(ip4(), piece, kId)), done) << "round " << round;
            if (!done) continue;
            ++completed;
            const Bytes& whole = reassembly.datagrams.at(0);
            ASSERT_EQ(whole.size(), 34 + naive.size);
            ASSERT_TRUE(std::equal(naive.bytes.begin(), naive.bytes.begin() + static_cast<std::ptrdiff_t>(naive.size),
                                   whole.begin() + 34));
            break;
        }
    }
    EXPECT_GT(completed, 1000U);
}

TEST(MayBeFragment, NeverDeniesAFragment) {
    support::Random random(3);
    std::size_t fragments = 0;
    for (int round = 0; round < 200'000; ++round) {
        Bytes bytes = random.bytes(random.between(0, 80));
        const auto link = static_cast<model::LinkType>(random.below(5));
        auto put = [&bytes](std::size_t at, std::uint32_t value) {
            if (at + 1 >= bytes.size()) return;
            bytes[at] = static_cast<std::uint8_t>(value >> 8);
            bytes[at + 1] = static_cast<std::uint8_t>(value);
        };
        static constexpr std::uint32_t kTypes[] = {0x0800, 0x86dd, 0x8100, 0x88a8, 0x0004, 0x0100};
        for (const std::size_t at : {0U, 12U, 14U, 16U, 20U}) put(at, kTypes[random.below(6)]);
        for (const std::size_t at : {0U, 4U, 14U, 16U, 18U, 20U, 22U}) {
            if (at < bytes.size() && random.chance(300)) bytes[at] = random.chance(500) ? 0x45 : 0x60;
            if (at + 6 < bytes.size() && random.chance(300)) bytes[at + 6] = random.chance(500) ? 44 : 0;
        }
        const OwnedFrame owned(bytes, link);
        model::PacketView view;
        DecodeCounters counters;
        decode(owned.frame, view, counters);
        if (!view.fragment) continue;
        ++fragments;
        ASSERT_TRUE(may_be_fragment(owned.frame)) << "round " << round;
    }
    EXPECT_GT(fragments, 1000U);
}

}  // namespace
}  // namespace telltale::decode
