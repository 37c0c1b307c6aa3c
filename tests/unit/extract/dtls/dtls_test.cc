// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/device_messages.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;

TEST(Dtls, ReadsHellos) {
    const std::vector<Read> records = read_datagram(40000, 4433, support::dtls_hello("example.com")[0]);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::dtls);
    EXPECT_EQ(records[0].text(Field::tls_server_name), "example.com");
    EXPECT_EQ(records[0].text(Field::tls_version), std::to_string(0xfefd));
    EXPECT_EQ(records[0].text(Field::tls_ja4).substr(0, 10), "dd2d020300");
    EXPECT_EQ(records[0].text(Field::tls_ja3).size(), 32U);

    const std::vector<Read> again = read_datagram(40000, 4433, support::dtls_hello("example.com", 4096, "cookie")[0]);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].fields, records[0].fields) << "the cookie says nothing of the client";
}

TEST(Dtls, FragmentsComeInAnyOrderAndSize) {
    const std::vector<Read> whole = read_datagrams(4433, support::dtls_hello("example.com"));
    ASSERT_EQ(whole.size(), 1U);
    for (const std::size_t size : {1U, 7U, 30U, 50U, 80U}) {
        std::vector<Bytes> pieces = support::dtls_hello("example.com", size);
        if (pieces.size() > 60) pieces = support::dtls_hello("example.com", 5);
        EXPECT_EQ(read_datagrams(4433, pieces), whole) << size;
        EXPECT_EQ(read_datagrams(4433, {pieces.rbegin(), pieces.rend()}), whole) << size;
        Bytes joined;
        for (const Bytes& piece : pieces) joined.insert(joined.end(), piece.begin(), piece.end());
        EXPECT_EQ(read_datagrams(4433, {joined}), whole) << size << " in one datagram";
        pieces.insert(pieces.begin() + 1, pieces[0]);
        EXPECT_EQ(read_datagrams(4433, pieces), whole) << size << " with one twice";
        if (pieces.size() > 3) {
            pieces.erase(pieces.begin() + 2);
            EXPECT_TRUE(read_datagrams(4433, pieces).empty()) << size << " with one missing";
        }
    }
}

TEST(Dtls, EveryTruncationGivesWholeFragments) {
    expect_whole_values(udp(40000, 4433), support::dtls_hello("example.com")[0], {}, {.nothing = true});
    Bytes joined;
    for (const Bytes& piece : support::dtls_hello("example.com", 70)) {
        joined.insert(joined.end(), piece.begin(), piece.end());
    }
    expect_whole_values(
        udp(40000, 4433), joined, {{Field::tls_server_name, "example.com"}},
        {.and_also = [](const Read& record, std::size_t size) { EXPECT_TRUE(record.truncated) << size; }});
}

TEST(Dtls, OtherRecordsAreNotIts) {
    Bytes datagram = support::dtls_hello("example.com")[0];
    const auto with = [&datagram](std::size_t at, std::uint8_t value) {
        Bytes changed = datagram;
        changed[at] = value;
        return read_datagram(40000, 4433, changed);
    };
    EXPECT_TRUE(with(0, 23).empty()) << "application data";
    EXPECT_TRUE(with(1, 3).empty()) << "TLS";
    EXPECT_TRUE(with(4, 1).empty()) << "an encrypted epoch";
    EXPECT_TRUE(with(13, 2).empty()) << "a ServerHello";
}

}  // namespace
}  // namespace telltale::extract
