// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/support/announcements.h"
#include "tests/support/dhcp_message.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_message.h"
#include "tests/support/tls_hello.h"

namespace telltale::support {
namespace {

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(DnsMessage, CompressesNamesByTheirSuffixes) {
    const Bytes bytes = DnsMessage(0x1234)
                            .response()
                            .question("a.b.de", DnsType::a)
                            .cname("a.b.de", "c.b.de", 60)
                            .answer("c.b.de", "192.0.2.1", 61)
                            .bytes();
    EXPECT_EQ(bytes, from_hex("1234 8180 0001 0002 0000 0000"
                              "01 61 01 62 02 6465 00 0001 0001"         // a.b.de at 12, b.de at 14
                              "c00c 0005 0001 0000003c 0004 01 63 c00e"  // c.b.de at 36
                              "c024 0001 0001 0000003d 0004 c0000201"));
}

TEST(DnsMessage, CanWriteNamesInFull) {
    const Bytes bytes = DnsMessage(1).compress(false).question("x.de", DnsType::aaaa).answer("x.de", "::1", 5).bytes();
    EXPECT_EQ(bytes.size(), 12U + 6 + 4 + 6 + 10 + 16);
}

TEST(DhcpMessage, KeepsTheOrderOfOptions) {
    const Mac client = "02:00:00:00:00:07";
    const Bytes bytes = DhcpMessage(DhcpType::request, 0xdeadbeef, client)
                            .client_id()
                            .requested_address("192.0.2.5")
                            .max_size(1500)
                            .vendor_class("abc")
                            .host_name("h")
                            .parameter_list(Bytes{1, 3, 6})
                            .bytes();
    EXPECT_EQ(bytes.size(), 300U);
    EXPECT_EQ(Bytes(bytes.begin() + 4, bytes.begin() + 8), from_hex("deadbeef"));
    EXPECT_EQ(Bytes(bytes.begin() + 28, bytes.begin() + 34), from_hex("020000000007"));
    EXPECT_EQ(Bytes(bytes.begin() + 236, bytes.begin() + 284),
              from_hex("63825363 350103 3d0701020000000007 3204c0000205 390205dc 3c03616263 0c0168 3703010306 ff"
                       "0000000000000000"));
}

TEST(HttpMessage, WritesRequestsAndResponses) {
    const HttpRequest request{.target = "/a?b=1", .host = "h.example", .user_agent = "u", .body = Bytes{'x'}};
    EXPECT_EQ(text_of(request.bytes()),
              "GET /a?b=1 HTTP/1.1\r\nHost: h.example\r\nUser-Agent: u\r\nContent-Length: 1\r\n\r\nx");
    const HttpResponse response{.status = 204, .reason = "No Content"};
    EXPECT_EQ(text_of(response.bytes()), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(MiPush, LengthCountsWhatFollowsTheThirdWordAndFour) {
    const Bytes hello = mi_push_hello("model", "V12", "a-00", "wifi", "h:5222", "en_IN");
    EXPECT_EQ(Bytes(hello.begin(), hello.begin() + 4), from_hex("c2fe0005"));
    EXPECT_EQ(static_cast<std::size_t>(hello[7]) + 12, hello.size());
}

// A hello, read in a way of its own.
struct Hello {
    std::vector<std::uint32_t> suites;
    std::vector<std::uint32_t> types;
    std::map<std::uint32_t, Bytes> extensions;
};

std::size_t number(const Bytes& bytes, std::size_t at, std::size_t width) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value * 256 + bytes.at(at + i);
    return value;
}

Hello read_hello(const Bytes& message) {
    Hello hello;
    EXPECT_EQ(message.at(0), 1);
    EXPECT_EQ(number(message, 1, 3), message.size() - 4);
    std::size_t at = 4 + 2 + 32;
    at += 1U + message.at(at);
    const std::size_t suites_end = at + 2 + number(message, at, 2);
    for (at += 2; at < suites_end; at += 2) hello.suites.push_back(static_cast<std::uint32_t>(number(message, at, 2)));
    at += 1U + message.at(at);
    EXPECT_EQ(number(message, at, 2), message.size() - at - 2);
    for (at += 2; at < message.size();) {
        const auto type = static_cast<std::uint32_t>(number(message, at, 2));
        const auto begin = message.begin() + static_cast<std::ptrdiff_t>(at) + 4;
        const std::size_t size = number(message, at + 2, 2);
        hello.types.push_back(type);
        hello.extensions[type] = Bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
        at += 4 + size;
    }
    EXPECT_EQ(at, message.size());
    return hello;
}

TEST(ClientHello, WritesExtensionsInTheOrderOfTheCalls) {
    Random random(1);
    ClientHello builder(random);
    builder.session_id({}).cipher_suites({0x0a0a, 0x1301}).extension(0x1a1a).server_name("ab.example");
    builder.alpn({"h2", "http/1.1"}).supported_versions({0x0304}).key_share({0x1a1a, 0x11ec, 29});
    const Hello hello = read_hello(builder.handshake());
    EXPECT_THAT(hello.suites, testing::ElementsAre(0x0a0a, 0x1301));
    EXPECT_THAT(hello.types, testing::ElementsAre(0x1a1a, 0, 16, 43, 51));
    EXPECT_EQ(hello.extensions.at(0), from_hex("000d 00 000a") + to_bytes("ab.example"));
    EXPECT_EQ(hello.extensions.at(16), from_hex("000c 02 6832 08 687474702f312e31"));
    EXPECT_EQ(hello.extensions.at(43), from_hex("02 0304"));
    EXPECT_EQ(hello.extensions.at(51).size(), 2U + 5 + 4 + 1216 + 4 + 32);
}

TEST(ClientHello, SplitsIntoRecords) {
    Random random(1);
    const ClientHello hello = client_hello(HelloStyle::ios, "x.example", random);
    const Bytes whole = hello.records();
    const Bytes split = hello.records(100);
    EXPECT_EQ(Bytes(whole.begin(), whole.begin() + 3), from_hex("16 0301"));
    EXPECT_EQ(whole.size(), 5 + 512U);  // padded
    EXPECT_EQ(split.size(), 6 * 5 + 512U);
    EXPECT_EQ(Bytes(split.begin() + 3, split.begin() + 5), from_hex("0064"));
    EXPECT_EQ(Bytes(split.begin() + 5, split.begin() + 105), Bytes(whole.begin() + 5, whole.begin() + 105));
}

struct StyleCase {
    HelloStyle style;
    bool tls13, grease, alpn, post_quantum;
};

TEST(ClientHello, StylesDifferAndEachStaysTheSame) {
    const StyleCase cases[] = {
        {HelloStyle::android_modern, true, false, true, false},
        {HelloStyle::android_kitkat, false, false, false, false},
        {HelloStyle::ios, true, true, true, false},
        {HelloStyle::chrome, true, true, true, true},
        {HelloStyle::windows_schannel, true, false, true, false},
        {HelloStyle::iot_openssl, false, false, false, false},
        {HelloStyle::embedded_mbedtls, false, false, false, false},
    };
    std::set<std::vector<std::uint32_t>> seen;
    for (const StyleCase& test : cases) {
        SCOPED_TRACE(static_cast<int>(test.style));
        Random random(3);
        const Bytes message = client_hello(test.style, "name.example", random).handshake();
        Hello hello = read_hello(message);
        EXPECT_EQ(offers_tls13(test.style), test.tls13);
        EXPECT_EQ(hello.extensions.count(43) == 1, test.tls13);
        EXPECT_EQ(hello.extensions.count(16) == 1, test.alpn);
        EXPECT_EQ(is_grease(static_cast<std::uint16_t>(hello.suites.front())), test.grease);
        EXPECT_EQ(message.size() > 1216, test.post_quantum);
        EXPECT_THAT(text_of(hello.extensions.at(0)), testing::HasSubstr("name.example"));

        Hello again = read_hello(client_hello(test.style, "name.example", random).handshake());
        const auto grease = [](std::uint32_t value) { return is_grease(static_cast<std::uint16_t>(value)); };
        std::erase_if(hello.suites, grease);
        std::erase_if(again.suites, grease);
        EXPECT_EQ(hello.suites, again.suites);
        EXPECT_TRUE(seen.insert(hello.suites).second) << "two styles with the same suites";
    }
}

}  // namespace
}  // namespace telltale::support
