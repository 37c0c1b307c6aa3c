// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/http2_request.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::from_hex;
using support::http2_block;
using support::http2_connection;
using support::to_bytes;
using support::operator+;

const Bytes kBlock = http2_block({{":method", "GET"},
                                  {":scheme", "http"},
                                  {":authority", "api.example.com"},
                                  {":path", "/v1/report"},
                                  {"user-agent", "okhttp/4.9"},
                                  {"cookie", "sid=secret"}});
constexpr StreamOptions kClient{.destination_port = 80};

void expect_request(const StreamReading& reading, const std::string& what) {
    ASSERT_EQ(reading.records.size(), 1U) << what;
    const Read& record = reading.records[0];
    EXPECT_EQ(record.kind, RecordKind::http2);
    EXPECT_EQ(record.text(Field::method), "GET");
    EXPECT_EQ(record.text(Field::service_name), "api.example.com");
    EXPECT_EQ(record.text(Field::target), "/v1/report");
    EXPECT_EQ(record.text(Field::user_agent), "okhttp/4.9");
    EXPECT_EQ(record.text(Field::http_field_names), "user-agent,cookie");
    EXPECT_TRUE(reading.named);
    EXPECT_EQ(reading.demand, StreamVerdict::Demand::finished);
}

TEST(Http2, ReadsTheFirstRequestInEveryPiece) {
    for (const std::size_t fragment : {16384U, 40U, 20U}) {
        const Bytes stream = http2_connection(kBlock, fragment);
        for (std::size_t at = 1; at < stream.size(); ++at) {
            expect_request(read_stream(in_two(stream, at), kClient),
                           std::to_string(fragment) + " at " + std::to_string(at));
        }
        expect_request(read_stream(in_pieces(stream, 1), kClient), "byte by byte");
    }
}

// RFC 7541 appendix C.4.1: with Huffman's code and the static table.
TEST(Http2, ReadsTheSpecificationsExample) {
    const Bytes block = from_hex("828684418cf1e3c2e5f23a6ba0ab90f4ff");
    const StreamReading reading = read_stream({http2_connection(block)}, kClient);
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::service_name), "www.example.com");
    EXPECT_EQ(reading.records[0].text(Field::target), "/");
}

TEST(Http2, ReadsPaddingAndPriority) {
    const Bytes preface = to_bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    const Bytes body = from_hex("03 00000000 0f") + kBlock + from_hex("000000");
    const Bytes frame =
        support::ByteWriter().u24(static_cast<std::uint32_t>(body.size())).u8(1).u8(0x2c).u32(1).raw(body).take();
    expect_request(read_stream({preface + frame}, kClient), "padded");
}

TEST(Http2, AfterAnUpgrade) {
    const Bytes request = to_bytes("GET / HTTP/1.1\r\nHost: api.example.com\r\nUpgrade: h2c\r\n\r\n");
    const StreamReading reading = read_stream({request, http2_connection(kBlock)}, kClient);
    ASSERT_EQ(reading.records.size(), 2U);
    EXPECT_EQ(reading.records[1].kind, RecordKind::http2);
}

TEST(Http2, EveryTruncationGivesNothing) {
    expect_whole_values(tcp(kClient), http2_connection(kBlock, 30), {}, {.nothing = true});
}

TEST(Http2, HostileBlocks) {
    const auto records = [](const Bytes& block, std::size_t fragment = 16384) {
        return read_stream({http2_connection(block, fragment)}, kClient).records.size();
    };
    EXPECT_EQ(records(from_hex("ff")), 0U) << "an index without an end";
    EXPECT_EQ(records(from_hex("ffffffffffffffffffff")), 0U) << "an endless index";
    EXPECT_EQ(records(from_hex("00 85 ffffffffff 00")), 0U) << "bad Huffman code";
    EXPECT_EQ(records(from_hex("3fe1ffff7f")), 0U) << "a table beyond the limit";
    EXPECT_EQ(records(kBlock, 3), 0U) << "too many frames";
    Bytes bomb = from_hex("40 01 61 7f 81 1f") + Bytes(4096 - 128, 'x');
    for (int i = 0; i < 10'000; ++i) bomb.push_back(0xbe);  // the same field again
    EXPECT_EQ(records(bomb), 0U) << "more fields than are looked at";
}

}  // namespace
}  // namespace telltale::extract
