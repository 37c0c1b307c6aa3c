// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/device_messages.h"
#include "tests/support/tls_hello.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;

Bytes hello(std::size_t fragment = 16384) {
    support::Random random(3);
    return support::client_hello(support::HelloStyle::iot_openssl, "vpn.example.com", random).records(fragment);
}

// Returns the fields that TLS alone gives for the same hello.
std::vector<std::pair<Field, std::string>> expected_fields() { return read_stream({hello()}).records.at(0).fields; }

StreamReading over_tcp(const Bytes& stream, std::size_t piece = 100'000, bool cut = false) {
    return read_stream(in_pieces(stream, piece), {.destination_port = 1194, .cut = cut});
}

TEST(OpenVpn, ReadsTheHelloInAStream) {
    for (const std::size_t hmac : {0U, 16U, 20U, 32U, 64U}) {
        for (const std::size_t payload : {40U, 100U, 1200U}) {
            const Bytes stream = support::openvpn_stream(support::openvpn_client(hello(), payload, hmac));
            for (const std::size_t piece : {1U, 7U, 100'000U}) {
                const StreamReading reading = over_tcp(stream, piece);
                ASSERT_EQ(reading.records.size(), 1U) << hmac << " " << payload << " " << piece;
                EXPECT_EQ(reading.records[0].kind, RecordKind::openvpn);
                EXPECT_EQ(reading.records[0].fields, expected_fields()) << hmac << " " << payload << " " << piece;
                EXPECT_FALSE(reading.records[0].truncated);
                EXPECT_TRUE(reading.named);
                EXPECT_EQ(reading.demand, StreamVerdict::Demand::finished);
            }
        }
    }
}

TEST(OpenVpn, ReadsTheHelloInADatagram) {
    const std::vector<Read> records = read_datagrams(1194, support::openvpn_client(hello(), 1200, 20));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::openvpn);
    EXPECT_EQ(records[0].fields, expected_fields());

    const std::vector<Read> part = read_datagrams(1194, support::openvpn_client(hello(), 100, 20));
    ASSERT_EQ(part.size(), 1U) << "as far as its first datagram goes";
    EXPECT_TRUE(part[0].truncated);
    EXPECT_FALSE(part[0].has(Field::tls_ja4));
}

TEST(OpenVpn, OfAnEncryptedChannelOnlyTheKindIsTold) {
    const std::vector<Read> records = read_datagrams(1194, support::openvpn_encrypted_client());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::openvpn);
    EXPECT_TRUE(records[0].fields.empty());

    const StreamReading stream = over_tcp(support::openvpn_stream(support::openvpn_encrypted_client()), 3);
    ASSERT_EQ(stream.records.size(), 1U);
    EXPECT_TRUE(stream.records[0].fields.empty());
    EXPECT_FALSE(stream.named);
}

TEST(OpenVpn, HellosOverSeveralTlsRecordsAreReadAsFarAsTheFirstGoes) {
    const StreamReading reading = over_tcp(support::openvpn_stream(support::openvpn_client(hello(60), 1200, 0)));
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_TRUE(reading.records[0].truncated || reading.records[0].fields == expected_fields());
}

TEST(OpenVpn, EveryTruncationGivesWhatIsThere) {
    const Bytes whole = support::openvpn_stream(support::openvpn_client(hello(), 100, 20));
    expect_whole_values([](const Bytes& part, bool cut) { return over_tcp(part, 100'000, cut).records; }, whole,
                        {{Field::tls_server_name, "vpn.example.com"}},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             EXPECT_FALSE(record.has(Field::tls_ja4)) << size;
                         }});
    for (const Bytes& packet : support::openvpn_client(hello(), 1200, 20)) {
        // A reset is known by its size.
        expect_whole_values(udp(40000, 1194), packet, {}, {.nothing = true});
    }
}

TEST(OpenVpn, WhatGoesOnInAnotherWayIsNotIts) {
    std::vector<Bytes> packets = {support::openvpn_client(hello())[0], Bytes(60, 0x38 | 0x40)};
    EXPECT_TRUE(read_datagrams(1194, packets).empty());
    EXPECT_TRUE(over_tcp(support::openvpn_stream(packets)).records.empty());
    packets = {support::openvpn_client(hello())[0], Bytes(10, 4 << 3)};
    EXPECT_TRUE(read_datagrams(1194, packets).empty()) << "too short for a control packet";
}

TEST(OpenVpn, WhatIsNoResetIsNotIts) {
    const Bytes reset = support::openvpn_client(hello(), 1200, 20)[0];
    const auto with = [](std::size_t at, std::uint8_t value) {
        std::vector<Bytes> packets = support::openvpn_client(hello(), 1200, 20);
        packets[0][at] = value;
        return read_datagrams(1194, packets).size();
    };
    EXPECT_EQ(with(0, 7 << 3), 1U) << "unchanged";
    EXPECT_EQ(with(0, 8 << 3), 0U) << "the server's";
    EXPECT_EQ(with(0, 7 << 3 | 1), 0U) << "another key: no start";
    EXPECT_EQ(with(reset.size() - 1, 1), 0U) << "a packet id that is not the first";
    EXPECT_EQ(with(9 + 20 + 3, 2), 0U) << "a replay id that is not the first";
    EXPECT_TRUE(read_datagram(40000, 1194, Bytes(14, 0)).empty());
}

}  // namespace
}  // namespace telltale::extract
