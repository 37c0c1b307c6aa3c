// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/home_networks.h"

#include <gtest/gtest.h>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using testing::ip;

constexpr model::Segment on_vlan(std::uint16_t id) { return {model::TapIndex(), id}; }

TEST(HomeNetworks, DefaultsArePrivateLinkLocalAndLoopback) {
    struct Case {
        const char* description;
        const char* address;
        bool home;
    };
    static constexpr Case kCases[] = {
        {"10/8, first", "10.0.0.0", true},
        {"10/8, last", "10.255.255.255", true},
        {"before 172.16/12", "172.15.255.255", false},
        {"172.16/12, first", "172.16.0.0", true},
        {"172.16/12, last", "172.31.255.255", true},
        {"after 172.16/12", "172.32.0.0", false},
        {"192.168/16", "192.168.4.4", true},
        {"192.169", "192.169.0.1", false},
        {"IPv4 link-local", "169.254.9.9", true},
        {"IPv4 loopback", "127.0.0.53", true},
        {"carrier NAT is not ours", "100.64.0.1", false},
        {"public", "8.8.8.8", false},
        {"unspecified", "0.0.0.0", false},
        {"multicast", "224.0.0.251", false},
        {"broadcast", "255.255.255.255", false},
        {"ULA fd", "fd12:3456::1", true},
        {"ULA fc", "fc00::1", true},
        {"IPv6 link-local", "fe80::1", true},
        {"after link-local", "fec0::1", false},
        {"IPv6 loopback", "::1", true},
        {"IPv6 global", "2001:db8::1", false},
        {"IPv6 multicast", "ff02::fb", false},
    };
    const HomeNetworks home({});
    for (const Case& c : kCases) EXPECT_EQ(home.contains({}, ip(c.address)), c.home) << c.description;
}

TEST(HomeNetworks, ConfiguredPrefixesReplaceTheDefaults) {
    const HomeNetworks home({*model::parse_prefix("198.51.100.0/24")});
    EXPECT_TRUE(home.contains({}, ip("198.51.100.7")));
    EXPECT_FALSE(home.contains({}, ip("192.168.1.1")));
}

TEST(HomeNetworks, HoldsWhatItsPrefixesHold) {
    static constexpr const char* kPrefixes[] = {"0.0.0.0/0",      "128.0.0.0/1",   "198.51.100.7", "198.51.100.4/30",
                                                "203.0.113.9/25", "::/0",          "::/64",        "2001:db8::/33",
                                                "2001:db8::5",    "::ffff:0:0/95", "::ffff:0:0/97"};
    static constexpr const char* kAddresses[] = {
        "1.2.3.4",      "127.255.255.255",  "128.0.0.1",       "198.51.100.7", "198.51.100.6",
        "198.51.100.8", "203.0.113.127",    "203.0.113.128",   "::1",          "::fffe:0:1",
        "2001:db8::5",  "2001:db8:7fff::1", "2001:db8:8000::1"};
    for (const char* text : kPrefixes) {
        const model::IpPrefix prefix = *model::parse_prefix(text);
        const HomeNetworks home({prefix});
        for (const char* address : kAddresses) {
            EXPECT_EQ(home.contains({}, ip(address)), prefix.contains(ip(address))) << text << " " << address;
        }
    }
}

TEST(HomeNetworks, LearnedPrefixesHoldInTheirSegmentAndAreBounded) {
    HomeNetworks home({});
    home.learn_ipv6(on_vlan(7), ip("2001:db8:1:2::abcd"));
    EXPECT_TRUE(home.contains(on_vlan(7), ip("2001:db8:1:2::1")));
    EXPECT_FALSE(home.contains(on_vlan(7), ip("2001:db8:1:3::1")));
    EXPECT_FALSE(home.contains(on_vlan(8), ip("2001:db8:1:2::1")));
    for (unsigned i = 0; i < 2 * HomeNetworks::kMaxLearned; ++i) {
        model::IpAddress address = ip("2001:db8::");
        address.bytes[6] = static_cast<std::uint8_t>(i >> 8);
        address.bytes[7] = static_cast<std::uint8_t>(i);
        home.learn_ipv6(on_vlan(7), address);
    }
    EXPECT_EQ(home.counters().home_prefixes_learned, HomeNetworks::kMaxLearned);
    EXPECT_GT(home.counters().home_prefixes_over_limit, 0U);
}

}  // namespace
}  // namespace telltale::correlate
