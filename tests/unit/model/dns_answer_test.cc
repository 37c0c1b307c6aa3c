// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/dns_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telltale::model {
namespace {

std::vector<DnsAnswer> answers() {
    static constexpr std::string_view kStrings("\x03one\x03two", 8);
    const IpAddress v4 = *parse_ip("192.0.2.7"), v6 = *parse_ip("2001:db8::7");
    return {
        {.type = dns_type::a, .ttl_s = 70'000, .name = "a.example", .address = v4},
        {.type = dns_type::aaaa, .ttl_s = 1, .name = "", .address = v6},
        {.type = dns_type::cname, .ttl_s = 2, .name = "a.example", .target = "b.example"},
        {.type = dns_type::ptr, .name = "_ipp._tcp.local", .target = "Printer._ipp._tcp.local"},
        {.type = dns_type::srv, .name = "p.local", .port = 8443, .target = "host.local"},
        {.type = dns_type::txt, .name = "p.local", .strings = base::as_bytes(kStrings)},
        {.type = dns_type::https, .name = "h.example", .priority = 300, .ech = true, .alpn = "h2,h3", .target = "."},
        {.type = dns_type::svcb, .name = "s.example", .priority = 1, .target = "t.example"}};
}

TEST(DnsAnswer, IsReadAsItWasPacked) {
    for (const DnsAnswer& answer : answers()) {
        SCOPED_TRACE(dns_type_name(answer.type));
        const PackedDns packed(answer);
        DnsAnswer back;
        ASSERT_TRUE(read(packed.bytes(), back));
        EXPECT_EQ(back.type, answer.type);
        EXPECT_EQ(back.ttl_s, answer.ttl_s);
        EXPECT_EQ(back.name, answer.name);
        EXPECT_EQ(back.address, answer.address);
        EXPECT_EQ(back.port, answer.port);
        EXPECT_EQ(back.priority, answer.priority);
        EXPECT_EQ(back.ech, answer.ech);
        EXPECT_EQ(back.alpn, answer.alpn);
        EXPECT_EQ(back.target, answer.target);
        EXPECT_EQ(base::as_text(back.strings), base::as_text(answer.strings));
    }
}

TEST(DnsAnswer, HasAFixedPartThatIsWhole) {
    for (const DnsAnswer& answer : answers()) {
        const PackedDns packed(answer);
        const std::size_t fixed = 7 + answer.name.size();
        for (std::size_t size = 0; size < packed.bytes().size(); ++size) {
            DnsAnswer back;
            EXPECT_EQ(read(packed.bytes().first(size), back), size >= fixed) << size;
        }
    }
}

TEST(DnsAnswer, TextsAreHeldToTheirRoom) {
    const std::string long_name(300, 'n'), long_text(4000, 't');
    DnsAnswer back;
    const PackedDns packed(
        DnsAnswer{.type = dns_type::https, .name = long_name, .alpn = long_name, .target = long_text});
    ASSERT_TRUE(read(packed.bytes(), back));
    EXPECT_EQ(back.name.size(), kMaxDnsOwnerBytes);
    EXPECT_EQ(back.alpn.size(), 255U);
    EXPECT_EQ(back.target.size(), 2048U - 7 - 255 - 4 - 255);
}

TEST(DnsAnswer, StringsEndWhereTheirBytesEnd) {
    std::vector<std::string> texts;
    DnsStrings strings(
        base::as_bytes(std::string_view("\x01"
                                        "a"
                                        "\x00"
                                        "\x09"
                                        "bc",
                                        6)));
    for (std::string_view text; strings.next(text);) texts.emplace_back(text);
    EXPECT_EQ(texts, (std::vector<std::string>{"a", "", "bc"}));
}

TEST(DnsQuestion, IsReadAsItWasPacked) {
    const PackedDns packed(DnsQuestion{dns_type::any, "a.example"});
    DnsQuestion question;
    ASSERT_TRUE(read(packed.bytes(), question));
    EXPECT_EQ(question.type, dns_type::any);
    EXPECT_EQ(question.name, "a.example");
    EXPECT_FALSE(read(packed.bytes().first(1), question));
}

TEST(DnsTypes, HaveNames) {
    EXPECT_EQ(dns_type_name(dns_type::https), "HTTPS");
    EXPECT_EQ(dns_type_name(255), "ANY");
    EXPECT_EQ(dns_type_name(12345), "");
}

}  // namespace
}  // namespace telltale::model
