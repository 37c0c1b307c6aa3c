// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/addresses.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace telltale::model {
namespace {

TEST(IpAddress, TextGoesBothWays) {
    for (const char* text : {"0.0.0.0", "192.168.7.9", "255.255.255.255", "::", "::1", "2001:db8::7", "fe80::1",
                             "1::", "1:0:2:0:3:4:5:6", "1::2:0:0:3:4", "::192.0.2.1", "::ff:0:1"}) {
        const auto address = parse_ip(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_string(*address), text);
    }
    for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "2001::db8::1", "host"}) {
        EXPECT_FALSE(parse_ip(text)) << text;
    }
}

// inet_ntop() has the same rules for IPv6.
TEST(IpAddress, TextIsThatOfTheSystem) {
    std::uint64_t state = 1;
    for (int i = 0; i < 50'000; ++i) {
        IpAddress address;
        for (std::size_t word = 0; word < 8; ++word) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            // Zero words, short words and long ones.
            const auto bits = static_cast<unsigned>(state >> 40) % 3 * 8;
            address.bytes[word * 2] = bits == 16 ? static_cast<std::uint8_t>(state >> 32) : std::uint8_t{0};
            address.bytes[word * 2 + 1] = bits == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(state >> 24);
        }
        if (address.is_v4()) continue;
        char expected[INET6_ADDRSTRLEN] = {};
        ASSERT_NE(inet_ntop(AF_INET6, address.bytes.data(), expected, sizeof expected), nullptr);
        ASSERT_EQ(to_string(address), expected);
    }
}

TEST(IpAddress, Kinds) {
    struct Case {
        const char* text;
        bool v4, multicast, specified;
    };
    for (const Case& c :
         {Case{"10.0.0.1", true, false, true}, Case{"224.0.0.251", true, true, true},
          Case{"239.255.255.250", true, true, true}, Case{"255.255.255.255", true, true, true},
          Case{"240.0.0.1", true, false, true}, Case{"0.0.0.0", true, false, false}, Case{"::", false, false, false},
          Case{"ff02::fb", false, true, true}, Case{"2001:db8::1", false, false, true}}) {
        const IpAddress address = *parse_ip(c.text);
        EXPECT_EQ(address.is_v4(), c.v4) << c.text;
        EXPECT_EQ(address.multicast(), c.multicast) << c.text;
        EXPECT_EQ(address.specified(), c.specified) << c.text;
    }
    EXPECT_FALSE(IpAddress{}.specified());
}

TEST(IpPrefix, ContainsOnBitBorders) {
    struct Case {
        const char* prefix;
        const char* inside;
        const char* outside;
    };
    for (const Case& c :
         {Case{"10.0.0.0/8", "10.255.255.255", "11.0.0.0"}, Case{"172.16.0.0/12", "172.31.255.255", "172.32.0.0"},
          Case{"192.0.2.7", "192.0.2.7", "192.0.2.6"}, Case{"fc00::/7", "fdff::1", "fe00::1"},
          Case{"fe80::/10", "febf::1", "fec0::1"}, Case{"0.0.0.0/0", "203.0.113.1", "2001:db8::1"}}) {
        const auto prefix = parse_prefix(c.prefix);
        ASSERT_TRUE(prefix) << c.prefix;
        EXPECT_TRUE(prefix->contains(*parse_ip(c.inside))) << c.prefix << " " << c.inside;
        EXPECT_FALSE(prefix->contains(*parse_ip(c.outside))) << c.prefix << " " << c.outside;
    }
    for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "::/129", "/8"}) {
        EXPECT_FALSE(parse_prefix(text)) << text;
    }
}

TEST(MacAddress, TextAndBits) {
    const auto mac = parse_mac("02:1a:2B-3c:4d:5e");
    ASSERT_TRUE(mac);
    EXPECT_EQ(to_string(*mac), "02:1a:2b:3c:4d:5e");
    EXPECT_TRUE(mac->local());
    EXPECT_FALSE(mac->multicast());
    EXPECT_TRUE(parse_mac("01:00:5e:00:00:fb")->multicast());
    for (const char* text : {"", "02:1a:2b:3c:4d", "02:1a:2b:3c:4d:5g", "021a2b3c4d5e"})
        EXPECT_FALSE(parse_mac(text)) << text;
}

}  // namespace
}  // namespace telltale::model
