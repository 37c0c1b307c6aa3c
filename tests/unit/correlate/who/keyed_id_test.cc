// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/keyed_id.h"

#include <gtest/gtest.h>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using testing::ip;

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
