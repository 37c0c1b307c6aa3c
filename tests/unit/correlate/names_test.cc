// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sensor/correlate/dns_names.h"
#include "sensor/correlate/keyed_id.h"
#include "sensor/correlate/name_table.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using testing::ip;
using testing::kSecond;

TEST(NameTable, InternsHostNamesAndKnowsRegisteredDomains) {
    struct Case {
        const char* description;
        const char* host;
        const char* name;
        const char* registered;
    };
    static constexpr Case kCases[] = {
        {"lower case", "API.Account.Xiaomi.COM", "api.account.xiaomi.com", "xiaomi.com"},
        {"port", "example.co.uk:8080", "example.co.uk", "example.co.uk"},
        {"final dot", "www.example.org.", "www.example.org", "example.org"},
        {"a public suffix has no registered domain", "co.uk", "co.uk", ""},
        {"bytes that no host name has", "a\x01.example.org", "a\x01.example.org", ""},
        {"IPv4 literal", "203.0.113.9", "", ""},
        {"IPv4 literal with port", "203.0.113.9:80", "", ""},
        {"IPv6 literal", "[2001:db8::1]:443", "", ""},
        {"bare IPv6", "2001:db8::1", "", ""},
        {"empty", "", "", ""},
    };
    Counters counters;
    NameTable names(100, counters);
    for (const Case& c : kCases) {
        const NameId id = names.intern_host(c.host);
        EXPECT_EQ(names.text(id), c.name) << c.description;
        EXPECT_EQ(names.registered_domain(id), c.registered) << c.description;
        EXPECT_EQ(names.intern_host(c.host), id) << c.description;
    }
}

TEST(NameTable, IsBounded) {
    Counters counters;
    NameTable names(2, counters);
    EXPECT_NE(names.intern("a"), kNoName);
    EXPECT_NE(names.intern("b"), kNoName);
    EXPECT_EQ(names.intern("c"), kNoName);
    EXPECT_NE(names.intern("a"), kNoName);
    EXPECT_EQ(counters.names_over_limit, 1U);
}

TEST(DnsNames, AnswersAreTheDevicesOwnAndExpire) {
    Counters counters;
    DnsNames names(10, 10, counters);
    names.learn(1, ip("203.0.113.1"), {5, 0}, 100 * kSecond);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 101 * kSecond).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 100 * kSecond).name, 5U);
    EXPECT_EQ(names.find(2, ip("203.0.113.1"), 50 * kSecond).name, kNoName);
    names.learn(1, ip("203.0.113.1"), {6, 0}, 200 * kSecond);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 150 * kSecond).name, 6U) << "the last answer names it";
}

TEST(DnsNames, ANameThatIsUsedLivesOn) {
    Counters counters;
    DnsNames names(10, 10, counters);
    names.learn(1, ip("203.0.113.1"), {5, 0}, 100 * kSecond);
    std::int64_t now_ns = 99 * kSecond;
    for (int use = 0; use < 5; ++use, now_ns += DnsNames::kGraceNs) {
        EXPECT_EQ(names.find(1, ip("203.0.113.1"), now_ns).name, 5U) << use;
    }
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), now_ns + 1).name, kNoName);
}

TEST(DnsNames, TheLeastRecentlyUsedGoesFirst) {
    Counters counters;
    DnsNames names(3, 2, counters);
    names.learn(1, ip("203.0.113.1"), {1, 0}, kSecond);
    names.learn(1, ip("203.0.113.2"), {2, 0}, kSecond);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0).name, 1U);
    names.learn(1, ip("203.0.113.3"), {3, 0}, kSecond);  // the device is full
    EXPECT_EQ(names.find(1, ip("203.0.113.2"), 0).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0).name, 1U);
    names.learn(2, ip("203.0.113.1"), {4, 0}, kSecond);
    names.learn(3, ip("203.0.113.1"), {5, 0}, kSecond);  // all are full
    EXPECT_EQ(names.find(1, ip("203.0.113.3"), 0).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0).name, 1U);
    EXPECT_EQ(counters.dns_names_evicted, 2U);
}

TEST(CommunityId, AgreesWithTheSpecificationsExamples) {
    struct Case {
        std::uint8_t protocol;
        const char* a;
        std::uint16_t port_a;
        const char* b;
        std::uint16_t port_b;
        const char* expected;
    };
    const Case cases[] = {
        {model::kProtocolTcp, "66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
        {model::kProtocolUdp, "8.8.8.8", 53, "192.168.1.52", 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
        {model::kProtocolSctp, "192.168.170.8", 7, "192.168.170.56", 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="},
        {model::kProtocolIcmp, "192.168.0.1", 0, "192.168.0.89", 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
        {model::kProtocolIcmp, "192.168.0.1", model::kIcmpCode, "192.168.0.89", 20, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="},
        {model::kProtocolIcmp, "192.168.0.1", model::kIcmpCode | 1, "192.168.0.89", 20,
         "1:tz/fHIDUHs19NkixVVoOZywde+I="},
        {model::kProtocolIcmpV6, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 136,
         "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
        {model::kProtocolIcmpV6, "3ffe:507:0:1:200:86ff:fe05:80da", model::kIcmpCode, "3ffe:507:0:1:260:97ff:fe07:69ea",
         3, "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w="},
        {model::kProtocolIcmpV6, "3ffe:507:0:1:200:86ff:fe05:80da", 3, "3ffe:507:0:1:260:97ff:fe07:69ea",
         model::kIcmpCode, "1:/OGBt9BN1ofenrmSPWYicpij2Vc="},
        {model::kProtocolIcmp, "192.168.0.1", 0, "192.168.0.89", 0, ""},  // cut before its type
        {47, "192.168.0.1", 0, "192.168.0.89", 0, ""},
    };
    for (const Case& c : cases) {
        model::FlowKey key;
        key.a = ip(c.a);
        key.b = ip(c.b);
        key.port_a = c.port_a;
        key.port_b = c.port_b;
        key.protocol = c.protocol;
        EXPECT_EQ(community_id(key), c.expected) << c.a;
        key.segment = model::Segment(model::TapIndex(3), 7);
        EXPECT_EQ(community_id(key), c.expected) << "whatever the segment";
        key.fragment = 1;
        EXPECT_EQ(community_id(key), "");
    }
}

}  // namespace
}  // namespace telltale::correlate
