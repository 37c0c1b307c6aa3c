// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sensor/correlate/what/dns_names.h"
#include "sensor/correlate/what/name_table.h"
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
        {"a user at a host", "joe@example.org", "", ""},
        {"a user with a password", "joe:secret@example.org:80", "", ""},
        {"empty", "", "", ""},
    };
    NameTable names(100);
    for (const Case& c : kCases) {
        const NameId id = names.intern_host(c.host);
        EXPECT_EQ(names.text(id), c.name) << c.description;
        EXPECT_EQ(names.registered_domain(id), c.registered) << c.description;
        EXPECT_EQ(names.intern_host(c.host), id) << c.description;
    }
}

TEST(NameTable, IsBounded) {
    NameTable names(2);
    EXPECT_NE(names.intern("a"), kNoName);
    EXPECT_NE(names.intern("b"), kNoName);
    EXPECT_EQ(names.intern("c"), kNoName);
    EXPECT_NE(names.intern("a"), kNoName);
    EXPECT_EQ(names.counters().names_over_limit, 1U);
}

TEST(DnsNames, AnswersAreTheDevicesOwnAndExpire) {
    DnsNames names({10, 10});
    names.learn(1, ip("203.0.113.1"), {5, 0}, 100 * kSecond, 1);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 101 * kSecond, 1).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 100 * kSecond, 1).name, 5U);
    EXPECT_EQ(names.find(2, ip("203.0.113.1"), 50 * kSecond, 1).name, kNoName);
    names.learn(1, ip("203.0.113.1"), {6, 0}, 200 * kSecond, 1);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 150 * kSecond, 1).name, 6U) << "the last answer names it";
}

TEST(DnsNames, ANameThatIsUsedLivesOn) {
    DnsNames names({10, 10});
    names.learn(1, ip("203.0.113.1"), {5, 0}, 100 * kSecond, 1);
    std::int64_t now_ns = 99 * kSecond;
    for (int use = 0; use < 5; ++use, now_ns += DnsNames::kGraceNs) {
        EXPECT_EQ(names.find(1, ip("203.0.113.1"), now_ns, 1).name, 5U) << use;
    }
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), now_ns + 1, 1).name, kNoName);
}

TEST(DnsNames, TheLeastRecentlyUsedGoesFirst) {
    DnsNames names({3, 2});
    names.learn(1, ip("203.0.113.1"), {1, 0}, kSecond, 1);
    names.learn(1, ip("203.0.113.2"), {2, 0}, kSecond, 1);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0, 1).name, 1U);
    names.learn(1, ip("203.0.113.3"), {3, 0}, kSecond, 1);  // the device is full
    EXPECT_EQ(names.find(1, ip("203.0.113.2"), 0, 1).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0, 1).name, 1U);
    names.learn(2, ip("203.0.113.1"), {4, 0}, kSecond, 1);
    names.learn(3, ip("203.0.113.1"), {5, 0}, kSecond, 1);  // all are full
    EXPECT_EQ(names.find(1, ip("203.0.113.3"), 0, 1).name, kNoName);
    EXPECT_EQ(names.find(1, ip("203.0.113.1"), 0, 1).name, 1U);
    EXPECT_EQ(names.counters().dns_names_evicted, 2U);
}

}  // namespace
}  // namespace telltale::correlate
