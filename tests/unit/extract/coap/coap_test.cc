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
using support::from_hex;

TEST(Coap, ReadsHostAndPath) {
    const auto records = read_datagram(40000, 5683, support::coap_get("coap.example.com", {"v1", "devices", "report"}));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::coap);
    EXPECT_EQ(records[0].text(Field::service_name), "coap.example.com");
    EXPECT_EQ(records[0].text(Field::target), "/v1/devices/report");
    EXPECT_EQ(records[0].text(Field::operation), "1");
}

TEST(Coap, EveryTruncationGivesWholeValues) {
    expect_whole_values(udp(40000, 5683), support::coap_get("coap.example.com", {"v1"}),
                        {{Field::service_name, "coap.example.com"}}, {.uncut = Uncut::what_is_sound});
}

TEST(Coap, TheFirstUriHostCounts) {
    const struct {
        const char* description;
        const char* options;
        const char* host;
    } cases[] = {
        {"two", "33 612e62 03 632e64", "a.b"},
        {"the second is of no host", "33 612e62 02 2f20", "a.b"},
        {"the first is of no host", "32 2f20 03 632e64", ""},
        {"the first is empty", "30 03 632e64", ""},
        {"a user", "35 6a40612e62", ""},
    };
    for (const auto& one : cases) {
        const auto records = read_datagram(40000, 5683, from_hex(std::string("40010001 ") + one.options));
        ASSERT_EQ(records.size(), 1U) << one.description;
        EXPECT_EQ(records[0].text(Field::service_name), one.host) << one.description;
        EXPECT_LE(records[0].all(Field::service_name).size(), 1U) << one.description;
    }
}

TEST(Coap, BadAndOtherMessages) {
    EXPECT_TRUE(read_datagram(40000, 5683, from_hex("40010001 f0")).empty()) << "a reserved delta";
    EXPECT_TRUE(read_datagram(40000, 5683, from_hex("40010001 3f")).empty()) << "a reserved length";
    EXPECT_TRUE(read_datagram(40000, 5683, from_hex("40010001 35 6162")).empty()) << "a length beyond the end";
    EXPECT_TRUE(read_datagram(40000, 5683, from_hex("49010001 000000000000000000")).empty()) << "a token of nine";
    EXPECT_TRUE(read_datagram(40000, 5683, from_hex("40450001")).empty()) << "an answer";
    EXPECT_TRUE(read_datagram(40000, 5684, support::coap_get("a", {})).empty()) << "another port";
    const auto records =
        read_datagram(40000, 5683, support::coap_get("a", std::vector<std::string_view>(80, "segment")));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated) << "a path that is too long";
    EXPECT_LE(records[0].text(Field::target).size(), 255U);
}

}  // namespace
}  // namespace telltale::extract
