// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/extractors.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/device_messages.h"
#include "tests/support/dhcp_message.h"
#include "tests/support/dhcpv6_message.h"
#include "tests/support/dns_message.h"
#include "tests/support/quic_initial.h"
#include "tests/support/random.h"
#include "tests/support/tls_hello.h"
#include "tests/unit/extract/allocations.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::to_bytes;
using Demand = StreamVerdict::Demand;

Bytes hello(std::string_view name) {
    support::Random random(7);
    return support::client_hello(support::HelloStyle::ios, name, random).records();
}

TEST(Extractors, UnknownStreamsAreGivenUp) {
    std::vector<Bytes> segments(31, to_bytes("unknown"));
    EXPECT_EQ(read_stream(segments).demand, Demand::next_message);
    segments.push_back(to_bytes("unknown"));
    EXPECT_EQ(read_stream(segments).demand, Demand::finished);
}

TEST(Extractors, TlsStartsAfterOtherTalk) {
    struct Case {
        const char* description;
        std::vector<Bytes> before;
        std::size_t records;
    };
    const Case cases[] = {
        {"mail", {to_bytes("EHLO a\r\n"), to_bytes("STARTTLS\r\n")}, 1},
        {"a proxy", {to_bytes("CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n")}, 2},
        {"a SOCKS proxy", {{5, 1, 0}, {5, 1, 0, 1, 192, 0, 2, 1, 1, 187}}, 1},
    };
    for (Case c : cases) {
        c.before.push_back(hello("b.example"));
        const StreamReading reading = read_stream(c.before);
        ASSERT_EQ(reading.records.size(), c.records) << c.description;
        EXPECT_EQ(reading.records.back().kind, RecordKind::tls) << c.description;
        EXPECT_EQ(reading.records.back().text(Field::tls_server_name), "b.example") << c.description;
    }
}

TEST(Extractors, AProxysHeaderIsPassedOver) {
    const Bytes line = to_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n");
    const Bytes binary = to_bytes(std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16) + std::string(12, 'x'));
    const Bytes request = to_bytes("GET / HTTP/1.1\r\nHost: b.example\r\n\r\n");
    for (const Bytes& header : {line, binary}) {
        for (const Bytes& message : {hello("b.example"), request}) {
            Bytes stream = header;
            stream.insert(stream.end(), message.begin(), message.end());
            for (std::size_t at = 1; at < stream.size(); ++at) {
                const StreamReading reading = read_stream(in_two(stream, at));
                ASSERT_EQ(reading.records.size(), 1U) << at;
                ASSERT_TRUE(reading.named) << at;
            }
        }
    }
    EXPECT_EQ(read_stream({to_bytes("PROXY " + std::string(200, 'x'))}).demand, Demand::next_message);
    EXPECT_EQ(read_stream({to_bytes("PROXY UNKNOWN\r\n")}).demand, Demand::next_message);
}

TEST(Extractors, DirectionsDoNotMix) {
    Extractors extractors;
    model::RecordBuffer out(8 * model::kMaxRecordBytes);
    ExtractState state;
    model::RecordHeader up, down;
    down.direction = model::Direction::b_to_a;
    const Bytes whole = hello("b.example");
    const base::Bytes bytes(whole);
    EXPECT_EQ(extractors.stream(up, bytes.first(100), false, state, out).demand, Demand::more);
    const Bytes answer = to_bytes("HTTP/1.1 200 OK\r\n\r\n");
    EXPECT_EQ(extractors.stream(down, answer, false, state, out).demand, Demand::finished);
    const StreamVerdict verdict = extractors.stream(up, bytes, false, state, out);
    EXPECT_EQ(verdict.demand, Demand::next_message);
    EXPECT_TRUE(verdict.named);
    EXPECT_EQ(extractors.stream(down, bytes, false, state, out).demand, Demand::finished);
}

TEST(Extractors, ARecordCarriesItsPacketsHeader) {
    Extractors extractors;
    model::RecordBuffer out(model::kMaxRecordBytes);
    ExtractState state;
    model::RecordHeader origin;
    origin.order = model::Order::of_frame(77);
    origin.time_ns = 99;
    origin.direction = model::Direction::b_to_a;
    extractors.stream(origin, hello("b.example"), false, state, out);
    std::size_t count = 0;
    out.for_each([&](std::span<std::uint8_t> bytes) {
        const model::RecordHeader header = model::RecordView(bytes).header();
        EXPECT_EQ(header.kind, RecordKind::tls);
        EXPECT_EQ(header.order, model::Order::of_frame(77));
        EXPECT_EQ(header.time_ns, 99);
        EXPECT_EQ(header.direction, model::Direction::b_to_a);
        ++count;
    });
    EXPECT_EQ(count, 1U);
}

TEST(Extractors, ARecordWithoutRoomIsCountedAsLost) {
    Extractors extractors;
    model::RecordBuffer out(model::kMaxRecordBytes);
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    ExtractState state;
    EXPECT_TRUE(extractors.stream({}, to_bytes(get + get + get), false, state, out).named);
    std::uint64_t lost = 0, done = 0;
    visit(extractors.counters(), [&](std::string_view, const base::CounterValue& value) {
        EXPECT_FALSE(value.help.empty()) << value.name;
        if (value.name == "lost") lost += value.value;
        if (value.name == "done") done += value.value;
    });
    EXPECT_EQ(done, 3U);
    EXPECT_EQ(lost, 2U);
}

TEST(Extractors, OutcomesAreCounted) {
    Extractors extractors;
    model::RecordBuffer out(64 * model::kMaxRecordBytes);
    const auto offer = [&](const Bytes& bytes, bool cut) {
        ExtractState state;
        extractors.stream({}, bytes, cut, state, out);
    };
    const Bytes whole = hello("b.example");
    const Bytes half(whole.begin(), whole.begin() + 200);
    offer(whole, false);
    offer(half, false);
    offer(half, true);
    offer(support::tls_record(22, 0x0303, Bytes{1, 0, 0, 34, 3, 3}), false);
    offer(support::tls_record(22, 0x0303, Bytes{1, 0, 0, 2, 3, 3}), false);
    offer({23, 3, 3, 0, 1, 9}, false);
    const ProtocolCounters* tls = nullptr;
    for (std::size_t i = 0; i < kProtocolCount; ++i) {
        if (kProtocols[i].name == "tls") tls = &extractors.counters().protocols[i];
    }
    ASSERT_NE(tls, nullptr);
    EXPECT_EQ(tls->done, 2U);
    EXPECT_EQ(tls->cut, 1U);
    EXPECT_EQ(tls->need_more, 2U);
    EXPECT_EQ(tls->finished, 1U);
    EXPECT_EQ(tls->malformed[Malformed::short_header], 1U);
}

TEST(Extractors, NothingIsAllocatedAfterConstruction) {
    ASSERT_TRUE(counts_openssl());
    struct Datagram {
        std::uint16_t port;
        Bytes bytes;
    };
    const Bytes quic_hello = [] {
        const Bytes record = hello("q.example");
        return Bytes(record.begin() + 5, record.end());
    }();
    const auto halves = support::crypto_pieces(quic_hello.size(), 2);
    const Datagram datagrams[] = {
        {443, support::QuicInitial{}.packet(quic_hello, {{0, quic_hello.size()}})},
        {443, support::QuicInitial{.connection_id = {1, 2}}.packet(quic_hello, {halves[0]})},
        {443, support::google_hello("Q043", "a.example", "Chrome/72")},
        {547, support::Dhcpv6Message(1, 7).client(Bytes(6, 2)).bytes()},
        {1900, to_bytes("NOTIFY * HTTP/1.1\r\nSERVER: a\r\n\r\n")},
        {5353, support::DnsMessage(0).flags(0x8400).ptr("_a._tcp.local", "b._a._tcp.local", 60).bytes()},
        {53, support::DnsMessage(1)
                 .response()
                 .question("a.example", support::DnsType::a)
                 .answer("a.example", "192.0.2.1", 60)
                 .bytes()},
        {67, support::DhcpMessage(support::DhcpType::discover, 1, "02:00:00:00:00:05").host_name("host").bytes()},
    };
    support::Random random(1);
    const Bytes streams[] = {
        hello("a.example"),
        support::client_hello(support::HelloStyle::chrome, "b.example", random).records(50),
        to_bytes("POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: a\r\n b\r\n\r\n"),
        to_bytes("no protocol"),
    };
    model::RecordBuffer out(64 * model::kMaxRecordBytes);
    Extractors extractors;
    model::PacketView packet;
    packet.has_ports = true;

    const std::size_t before = allocation_count();
    std::size_t records = 0;
    for (const Datagram& datagram : datagrams) {
        packet.destination_port = datagram.port;
        packet.payload = datagram.bytes;
        packet.payload_length = static_cast<std::uint32_t>(datagram.bytes.size());
        ExtractState state;
        if (extractors.datagram({}, packet, state, out).record) ++records;
    }
    for (const Bytes& bytes : streams) {
        ExtractState state;
        if (extractors.stream({}, bytes, false, state, out).named) ++records;
    }
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_EQ(records, 10U);
}

}  // namespace
}  // namespace telltale::extract
