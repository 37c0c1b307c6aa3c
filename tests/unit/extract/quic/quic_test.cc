// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/quic/quic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "sensor/extract/quic/crypto_stream.h"
#include "tests/support/quic_initial.h"
#include "tests/support/random.h"
#include "tests/support/tls_hello.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::CryptoPiece;
using support::from_hex;
using support::QuicInitial;
using support::operator+;

// A ClientHello as handshake message, without a record around it.
Bytes handshake(support::HelloStyle style = support::HelloStyle::chrome) {
    support::Random random(1);
    const Bytes record = support::client_hello(style, "www.example.com", random).records();
    return {record.begin() + 5, record.end()};
}

// Datagrams of one direction, in order.
std::vector<Read> read_datagrams(const std::vector<Bytes>& datagrams, bool cut = false, bool* finished = nullptr) {
    static Extractors extractors;
    model::RecordBuffer buffer(16 * model::kMaxRecordBytes);
    ExtractState state;
    for (const Bytes& bytes : datagrams) {
        model::PacketView packet;
        packet.has_ports = true;
        packet.source_port = 50000;
        packet.destination_port = 443;
        packet.payload = bytes;
        packet.payload_length = static_cast<std::uint32_t>(bytes.size() + (cut ? 1 : 0));
        extractors.datagram({}, packet, state, buffer);
    }
    if (finished != nullptr) *finished = state.sides[0].finished != 0;
    return records_in(buffer);
}

void expect_hello(const std::vector<Read>& records, const std::string& what) {
    ASSERT_EQ(records.size(), 1U) << what;
    EXPECT_EQ(records[0].kind, RecordKind::quic) << what;
    EXPECT_FALSE(records[0].truncated) << what;
    EXPECT_EQ(records[0].text(Field::tls_server_name), "www.example.com") << what;
    EXPECT_EQ(records[0].text(Field::tls_ja4).substr(0, 4), "q13d") << what;
    EXPECT_EQ(records[0].text(Field::tls_ja3).size(), 32U) << what;
}

TEST(Quic, TheTestsOwnKeysAreTheSpecifications) {  // RFC 9001 appendix A.1
    const support::QuicKeys keys = support::quic_client_keys(1, from_hex("8394c8f03e515708"));
    EXPECT_EQ(keys.key, from_hex("1f369613dd76d5467730efcbe3b1a22d"));
    EXPECT_EQ(keys.nonce, from_hex("fa044b2f42a3fd3b46fb255c"));
    EXPECT_EQ(keys.header, from_hex("9f50449e04a0e810283a1e9933adedd2"));
}

TEST(Quic, EveryVersion) {
    for (const auto& [version, text] :
         {std::pair{1U, "0x00000001"}, {0x6b3343cfU, "0x6b3343cf"}, {0xff00001dU, "0xff00001d"}}) {
        const Bytes hello = handshake(support::HelloStyle::android_modern);
        bool finished = false;
        const auto records =
            read_datagrams({QuicInitial{.version = version}.packet(hello, {{0, hello.size()}})}, false, &finished);
        expect_hello(records, text);
        EXPECT_EQ(records[0].text(Field::quic_version), text);
        EXPECT_TRUE(finished) << "nothing of interest follows";
    }
}

TEST(Quic, TheSameWhateverTheInitialsOrder) {
    const Bytes hello = handshake();
    const auto whole = read_datagrams({QuicInitial{}.packet(hello, {{0, hello.size()}})});
    expect_hello(whole, "in one");
    for (std::size_t count = 2; count <= 8; ++count) {
        std::vector<Bytes> datagrams;
        for (const CryptoPiece& piece : support::crypto_pieces(hello.size(), count)) {
            datagrams.push_back(
                QuicInitial{.number = static_cast<std::uint32_t>(datagrams.size())}.packet(hello, {piece}));
        }
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), 0U);
        std::size_t tried = 0;
        do {  // all of up to five, and some hundreds of more
            std::vector<Bytes> sent;
            for (const std::size_t index : order) sent.push_back(datagrams[index]);
            ASSERT_EQ(read_datagrams(sent), whole) << count << " datagrams, order " << tried;
            for (int skip = 0; count > 5 && skip < (count == 8 ? 97 : 7); ++skip) {
                if (!std::next_permutation(order.begin(), order.end())) break;
            }
        } while (std::next_permutation(order.begin(), order.end()) && ++tried < 500);
    }
}

TEST(Quic, PiecesAndOtherFramesInOnePacket) {
    const Bytes hello = handshake(support::HelloStyle::android_modern);
    auto pieces = support::crypto_pieces(hello.size(), 12);
    std::reverse(pieces.begin(), pieces.end());
    expect_hello(
        read_datagrams(
            {QuicInitial{.frames_before = from_hex("01 00 00 02 05 00 01 00 01 02 03 05 00 00 00 01 02 03")}.packet(
                hello, pieces)}),
        "pings, padding and acknowledgements between");
    pieces.push_back({3, 200});
    expect_hello(read_datagrams({QuicInitial{}.packet(hello, pieces)}), "bytes that come twice");
}

TEST(Quic, CoalescedRepeatedAndRetried) {
    const Bytes hello = handshake();
    const auto halves = support::crypto_pieces(hello.size(), 2);
    const QuicInitial first{.padded_frames = 0}, second{.number = 1, .padded_frames = 0};
    expect_hello(read_datagrams({first.packet(hello, {halves[0]}) + second.packet(hello, {halves[1]})}), "coalesced");
    const Bytes one = first.packet(hello, {halves[0]});
    expect_hello(read_datagrams({one, one, second.packet(hello, {halves[1]})}), "repeated");
    // Behind a Retry: another connection id, a token.
    const QuicInitial retried{.connection_id = {9, 8, 7, 6}, .token = Bytes(70, 5), .number = 1};
    expect_hello(read_datagrams({one, retried.packet(hello, halves)}), "retried");
    // The server's id in the header, the keys of the first one.
    const QuicInitial moved{.header_id = Bytes(20, 7), .number = 1};
    expect_hello(read_datagrams({one, moved.packet(hello, {halves[1]})}), "addressed by the server's id");
    EXPECT_TRUE(read_datagrams({moved.packet(hello, halves)}).empty()) << "keys that nobody has seen";
    const QuicInitial none{.connection_id = {}};
    expect_hello(read_datagrams({none.packet(hello, {{0, hello.size()}})}), "without a connection id");
}

TEST(Quic, WhatIsNotOpened) {
    const Bytes hello = handshake(support::HelloStyle::android_modern);
    const Bytes packet = QuicInitial{}.packet(hello, {{0, hello.size()}});
    for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{40}, packet.size() - 1}) {
        Bytes damaged = packet;
        damaged[at] ^= 0x04;
        EXPECT_TRUE(read_datagrams({damaged}).empty()) << at;
    }
    EXPECT_TRUE(read_datagrams({from_hex("c0 00 00 00 00 08") + Bytes(40)}).empty()) << "version negotiation";
    EXPECT_TRUE(read_datagrams({from_hex("c0 12 34 56 78 08") + Bytes(1200)}).empty()) << "another version";
    EXPECT_TRUE(read_datagrams({QuicInitial{}.packet_of(from_hex("40 ff") + Bytes(60))}).empty()) << "another frame";
}

TEST(Quic, EveryTruncationGivesNothing) {
    const Bytes hello = handshake(support::HelloStyle::android_modern);
    // A length that lies, or a packet that is not authenticated.
    expect_whole_values([](const Bytes& part, bool cut) { return read_datagrams({part}, cut); },
                        QuicInitial{}.packet(hello, {{0, hello.size()}}), {}, {.nothing = true});
}

TEST(Quic, UnfinishedHellosDoNotStarveOthers) {
    const Bytes hello = handshake();
    const auto halves = support::crypto_pieces(hello.size(), 2);
    Extractors extractors;
    model::RecordBuffer buffer(200 * model::kMaxRecordBytes);
    std::vector<ExtractState> flows(quic::CryptoStreams::kStreams * 3);
    const auto send = [&](ExtractState& state, const Bytes& bytes) {
        model::PacketView packet;
        packet.has_ports = true;
        packet.payload = bytes;
        packet.payload_length = static_cast<std::uint32_t>(bytes.size());
        return extractors.datagram({}, packet, state, buffer).record;
    };
    const Bytes first = QuicInitial{}.packet(hello, {halves[0]});
    const Bytes second = QuicInitial{.number = 1}.packet(hello, {halves[1]});
    for (ExtractState& flow : flows) EXPECT_FALSE(send(flow, first));
    EXPECT_TRUE(send(flows.back(), second)) << "the newest are there";
    EXPECT_FALSE(send(flows.front(), second)) << "the oldest had to go";
    EXPECT_TRUE(send(flows.front(), first)) << "and may start anew";
}

TEST(Quic, GooglesHello) {
    for (const char* version : {"Q024", "Q035", "Q043"}) {
        const auto records = read_datagrams({support::google_hello(version, "www.example.com", "Chrome/50")});
        ASSERT_EQ(records.size(), 1U) << version;
        EXPECT_EQ(records[0].kind, RecordKind::gquic);
        EXPECT_EQ(records[0].text(Field::tls_server_name), "www.example.com");
        EXPECT_EQ(records[0].text(Field::user_agent), "Chrome/50");
        EXPECT_EQ(records[0].text(Field::quic_version), version);
    }
    const Bytes clear = support::google_hello("Q043", "www.example.com", "Chrome/50");
    const Bytes frames(clear.begin() + 26, clear.end());
    const auto sealed = read_datagrams({QuicInitial{.version = 0x51303530}.packet_of(frames)});
    ASSERT_EQ(sealed.size(), 1U);
    EXPECT_EQ(sealed[0].text(Field::quic_version), "Q050");
    EXPECT_EQ(sealed[0].text(Field::tls_server_name), "www.example.com");
    for (std::size_t size = 0; size < clear.size(); ++size) {
        const Bytes part(clear.begin(), clear.begin() + static_cast<std::ptrdiff_t>(size));
        for (const Read& record : read_datagrams({part}, true)) {
            ASSERT_EQ(record.text(Field::tls_server_name), "www.example.com") << size;
        }
    }
}

TEST(CryptoStream, PiecesInAnyOrder) {
    quic::CryptoStream stream;
    const Bytes text = support::to_bytes("0123456789");
    const base::Bytes bytes(text);
    stream.place(4, bytes.subspan(4, 2));
    EXPECT_TRUE(stream.in_order().empty());
    stream.place(0, bytes.first(3));
    EXPECT_EQ(stream.in_order().size(), 3U);
    stream.place(2, bytes.subspan(2, 8));
    EXPECT_EQ(base::as_text(stream.in_order()), "0123456789");
    stream.place(0, support::to_bytes("abc"));
    EXPECT_EQ(base::as_text(stream.in_order()), "0123456789") << "the first copy stays";
    stream.place(quic::CryptoStream::kMaxBytes - 1, bytes);
    stream.place(UINT64_MAX, bytes);
    stream.clear();
    for (std::uint64_t i = 0; i < 2000; ++i) stream.place(1 + 2 * i, bytes.first(1));  // more gaps than it keeps
    stream.place(0, bytes);
    EXPECT_GE(stream.in_order().size(), 10U);
}

}  // namespace
}  // namespace telltale::extract
