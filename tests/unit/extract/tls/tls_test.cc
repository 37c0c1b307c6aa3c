// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/tls_hello.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::ByteWriter;
using support::operator+;
using support::ClientHello;
using support::HelloStyle;
using Demand = StreamVerdict::Demand;

constexpr HelloStyle kStyles[] = {HelloStyle::android_modern,  HelloStyle::android_kitkat,   HelloStyle::ios,
                                  HelloStyle::chrome,          HelloStyle::windows_schannel, HelloStyle::iot_openssl,
                                  HelloStyle::embedded_mbedtls};

Bytes styled_hello(HelloStyle style, std::size_t fragment = 16384) {
    support::Random random(7);
    return support::client_hello(style, "www.example.com", random).records(fragment);
}

Read only_record(const Bytes& stream) {
    const StreamReading reading = read_stream({stream});
    return reading.records.size() == 1 ? reading.records[0] : Read{};
}

TEST(TlsFingerprint, PublishedVectors) {
    struct Case {
        const char* description;
        ClientHello hello;
        const char* ja3;
        const char* ja4;
    };
    support::Random random(1);
    const Bytes empty_list16 = {0, 0};
    std::vector<Case> cases;
    // https://github.com/salesforce/ja3, README: 769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0
    cases.push_back({"JA3, with extensions",
                     ClientHello(random)
                         .legacy_version(769)
                         .cipher_suites({47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4})
                         .server_name("example.com")
                         .groups({23, 24, 25})
                         .point_formats({0}),
                     "ada70206e40642a3e4461f35503241d5", nullptr});
    // The same: 769,4-5-10-9-100-98-3-6-19-18-99,,,
    cases.push_back({"JA3, without extensions",
                     ClientHello(random).legacy_version(769).cipher_suites({4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}),
                     "de350869b8c85de67a350c8d186f11e6", nullptr});
    // https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md: the example of Chrome.
    cases.push_back({"JA4, GREASE everywhere",
                     ClientHello(random)
                         .cipher_suites({0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                                         0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035})
                         .extension(0x3a3a)
                         .extension(0x001b, {2, 0, 2})
                         .server_name("example.com")
                         .extension(0x0033, empty_list16)
                         .alpn({"h2", "http/1.1"})
                         .extension(0x4469, {0, 3, 2, 'h', '2'})
                         .extension(0x0017)
                         .extension(0x002d, {1, 1})
                         .signature_algorithms({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601})
                         .extension(0x0005, {1, 0, 0, 0, 0})
                         .extension(0x0023)
                         .extension(0x0012)
                         .supported_versions({0x1a1a, 0x0304, 0x0303})
                         .extension(0xff01, {0})
                         .point_formats({0})
                         .groups({0x6a6a, 0x001d, 0x0017, 0x0018})
                         .extension(0x0015, Bytes(100))
                         .extension(0xfafa, {0}),
                     nullptr, "t13d1516h2_8daaf6152771_e5627efa2ab1"});
    for (const Case& c : cases) {
        const Read read = only_record(c.hello.records());
        if (c.ja3 != nullptr) {
            EXPECT_EQ(read.text(Field::tls_ja3), c.ja3) << c.description;
        }
        if (c.ja4 != nullptr) {
            EXPECT_EQ(read.text(Field::tls_ja4), c.ja4) << c.description;
        }
    }
}

TEST(TlsFingerprint, Ja4Head) {
    struct Case {
        const char* description;
        ClientHello hello;
        const char* ja4_a;
    };
    support::Random random(1);
    const auto hello = [&random] { return ClientHello(random).cipher_suites({0x1301}); };
    support::TlsNumbers many(150, 0x1301);
    const Case cases[] = {
        {"nothing", hello().legacy_version(0x0301), "t10i010000"},
        {"SSL 3.0", hello().legacy_version(0x0300), "ts3i010000"},
        {"a name", hello().server_name("a.example"), "t12d010100"},
        {"one letter of ALPN", hello().alpn({"h"}), "t12i0101hh"},
        {"first and last letter of ALPN", hello().alpn({"http/1.1", "h2"}), "t12i0101h1"},
        {"ALPN that is no text", hello().alpn({"\xab\xcd"}), "t12i0101ad"},
        {"the highest version wins", hello().supported_versions({0x0302, 0x0a0a, 0x0303}), "t12i010100"},
        {"an unknown version", hello().supported_versions({0x7f1c, 0x0303}), "t00i010100"},
        {"GREASE is not counted", hello().extension(0x0a0a).extension(0xdada, {0}), "t12i010000"},
        {"99 at most", hello().cipher_suites(many), "t12i990000"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(only_record(c.hello.records()).text(Field::tls_ja4).substr(0, 10), c.ja4_a) << c.description;
    }
}

TEST(TlsFingerprint, EmptyListsHashToZeros) {
    support::Random random(1);
    EXPECT_EQ(only_record(ClientHello(random).cipher_suites({0x0a0a}).server_name("a.example").records())
                  .text(Field::tls_ja4),
              "t12d000100_000000000000_000000000000");
}

TEST(Tls, ReadsTheHello) {
    support::Random random(3);
    support::HelloOptions options;
    options.ech = true;
    const StreamReading reading =
        read_stream({support::client_hello(HelloStyle::chrome, "outer.example", random, options).records()});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_TRUE(reading.named);
    EXPECT_EQ(reading.demand, Demand::next_message);
    const Read& read = reading.records[0];
    EXPECT_EQ(read.kind, RecordKind::tls);
    EXPECT_FALSE(read.truncated);
    EXPECT_EQ(read.text(Field::tls_server_name), "outer.example");
    EXPECT_EQ(read.text(Field::tls_version), std::to_string(0x0304));
    EXPECT_EQ(read.text(Field::tls_ech), "1");
    EXPECT_EQ(read.all(Field::tls_alpn), (std::vector<std::string>{"h2", "http/1.1"}));
}

TEST(Tls, AHelloWithoutANameNamesNothing) {
    support::Random random(3);
    const StreamReading reading = read_stream({ClientHello(random).cipher_suites({0x1301}).records()});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_FALSE(reading.named);
    EXPECT_FALSE(reading.records[0].has(Field::tls_server_name));
    EXPECT_FALSE(reading.records[0].has(Field::tls_ech));
}

TEST(Tls, EverySplitPointGivesTheSame) {
    for (const HelloStyle style : kStyles) {
        const Bytes stream = styled_hello(style);
        const Read whole = only_record(stream);
        ASSERT_EQ(whole.text(Field::tls_server_name), "www.example.com");
        for (std::size_t at = 1; at < stream.size(); ++at) {
            const StreamReading reading = read_stream(in_two(stream, at));
            ASSERT_EQ(reading.records, std::vector<Read>{whole}) << "split at " << at;
        }
        ASSERT_EQ(read_stream(in_pieces(stream, 1)).records, std::vector<Read>{whole});
    }
}

TEST(Tls, EveryRecordSizeGivesTheSame) {
    const Read whole = only_record(styled_hello(HelloStyle::ios));
    for (std::size_t fragment = 1; fragment < 600; fragment += fragment < 20 ? 1 : 37) {
        const Bytes stream = styled_hello(HelloStyle::ios, fragment);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{536}, stream.size()}) {
            ASSERT_EQ(read_stream(in_pieces(stream, piece)).records, std::vector<Read>{whole})
                << "records of " << fragment << ", segments of " << piece;
        }
    }
}

TEST(Tls, APrefixNeverGivesAWrongValue) {
    for (const HelloStyle style : kStyles) {
        const Bytes stream = styled_hello(style);
        for (std::size_t size = 1; size < stream.size(); ++size) {
            const Bytes prefix(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
            const StreamReading waiting = read_stream({prefix});
            ASSERT_TRUE(waiting.records.empty()) << size;
            ASSERT_EQ(waiting.demand, Demand::more) << size;
            for (const Read& read : read_stream({prefix}, {.cut = true}).records) {
                const std::string name = read.text(Field::tls_server_name);
                ASSERT_TRUE(name.empty() || name == "www.example.com") << size;
                ASSERT_TRUE(read.truncated) << size;
                ASSERT_FALSE(read.has(Field::tls_ja3) || read.has(Field::tls_ja4)) << size;
            }
        }
    }
}

TEST(Tls, ACutHelloStillNames) {
    Bytes stream = styled_hello(HelloStyle::windows_schannel);
    stream.pop_back();
    const StreamReading reading = read_stream({stream}, {.cut = true});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::tls_server_name), "www.example.com");
    EXPECT_TRUE(reading.named);
}

TEST(Tls, AHelloBeyondTheCapIsReadAsFarAsItGoes) {
    support::Random random(3);
    const Bytes stream = ClientHello(random)
                             .cipher_suites({0x1301})
                             .server_name("long.example")
                             .extension(0x1234, Bytes(40000))
                             .records();
    const StreamReading reading = read_stream(in_pieces(stream, 1400));
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::tls_server_name), "long.example");
    EXPECT_TRUE(reading.records[0].truncated);
    EXPECT_FALSE(reading.records[0].has(Field::tls_ja4));
}

TEST(Tls, ASecondHelloAfterARetryIsRead) {
    const Bytes first = styled_hello(HelloStyle::chrome);
    const Bytes change = {20, 3, 3, 0, 1, 1};
    const Bytes second = styled_hello(HelloStyle::ios);
    EXPECT_EQ(read_stream({first, change + second}).records.size(), 2U);
    EXPECT_EQ(read_stream({first, change, second}).records.size(), 2U);
    support::Random random(1);
    const StreamReading encrypted = read_stream({first, support::client_finish(true, random)});
    EXPECT_EQ(encrypted.records.size(), 1U);
    EXPECT_EQ(encrypted.demand, Demand::finished);
}

TEST(Tls, TheServersSideIsLeftBehindItsHello) {
    support::Random random(1);
    for (const bool tls13 : {true, false}) {
        const StreamReading reading = read_stream({support::server_flight(tls13, Bytes(32), 900, random)});
        ASSERT_EQ(reading.records.size(), 1U);
        EXPECT_EQ(reading.records[0].kind, model::RecordKind::tls_server);
        EXPECT_EQ(reading.demand, Demand::finished);
    }
    EXPECT_EQ(read_stream({support::application_data(100, random)}).demand, Demand::finished);
}

TEST(Tls, HostileHellos) {
    struct Case {
        const char* description;
        Bytes handshake;
        std::size_t records;
    };
    const auto hello = [](auto&& write_rest) {
        ByteWriter out;
        out.u8(1);
        const std::size_t length = out.open(3);
        out.u16(0x0303).zeros(32);
        write_rest(out);
        out.close(length, 3);
        return out.take();
    };
    const Case cases[] = {
        {"ends after the random", hello([](ByteWriter&) {}), 0},
        {"a session id that is longer than the hello", hello([](ByteWriter& out) { out.u8(255); }), 0},
        {"ciphers that are longer than the hello", hello([](ByteWriter& out) { out.u8(0).u16(400).u16(1); }), 0},
        {"extensions that are longer than the hello",
         hello([](ByteWriter& out) { out.u8(0).u16(2).u16(0x1301).u8(1).u8(0).u16(90).u16(0); }), 0},
        {"an extension that is longer than their block",
         hello([](ByteWriter& out) { out.u8(0).u16(2).u16(0x1301).u8(1).u8(0).u16(4).u16(0).u16(9); }), 0},
        {"an odd number of cipher bytes", hello([](ByteWriter& out) { out.u8(0).u16(3).u24(0x130113).u8(1).u8(0); }),
         1},
        {"a server name whose length lies", hello([](ByteWriter& out) {
             out.u8(0).u16(2).u16(0x1301).u8(1).u8(0).u16(9).u16(0).u16(5).u16(3).u8(0).u16(9);
         }),
         1},
    };
    for (const Case& c : cases) {
        const StreamReading reading = read_stream({support::tls_record(22, 0x0301, c.handshake)});
        EXPECT_EQ(reading.records.size(), c.records) << c.description;
        for (const Read& read : reading.records) EXPECT_FALSE(read.has(Field::tls_server_name)) << c.description;
    }
}

TEST(Tls, Version2HelloHasAVersionAndNoName) {
    ByteWriter out;
    out.u16(0x8000 | (9 + 6 + 16)).u8(1).u16(0x0301).u16(6).u16(0).u16(16).u24(0x000004).u24(0x010080).zeros(16);
    const StreamReading reading = read_stream({out.bytes()});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::tls_ja4), "t10i000000_000000000000_000000000000");
    EXPECT_FALSE(reading.records[0].has(Field::tls_ja3));
    EXPECT_FALSE(reading.named);
    for (std::size_t size = 1; size < 11; ++size) {
        const Bytes prefix(out.bytes().begin(), out.bytes().begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_TRUE(read_stream({prefix}, {.cut = true}).records.empty());
    }
}

}  // namespace
}  // namespace telltale::extract
