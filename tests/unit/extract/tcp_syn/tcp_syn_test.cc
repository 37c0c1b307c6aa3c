// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using support::Bytes;

std::string signature(const Bytes& options) {
    model::PacketView packet;
    packet.ttl = 64;
    packet.tcp_window = 29200;
    packet.dont_fragment = true;
    packet.tcp_options = options;
    const std::vector<Read> records = read_packet(Transport::syn, packet);
    return records.size() == 1 ? records[0].text(Field::syn_signature) : "none";
}

TEST(TcpSyn, Signatures) {
    struct Case {
        const char* description;
        Bytes options;
        std::string expected;
    };
    const Case cases[] = {
        {"Linux", {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7}, "64:29200:1460:7:2,4,8,1,3:1"},
        {"no options", {}, "64:29200:*:*::1"},
        {"padding behind the end", {2, 4, 5, 0xb4, 0, 0, 0, 0}, "64:29200:1460:*:2,0,0,0,0:1"},
        {"a length of 0 ends them", {1, 8, 0, 1, 1}, "64:29200:*:*:1,8:1"},
        {"a length beyond the header", {2, 9, 5}, "64:29200:*:*:2:1"},
        {"a segment size of one octet", {2, 3, 5, 1}, "64:29200:*:*:2,1:1"},
        {"a kind without a length", {3}, "64:29200:*:*:3:1"},
        {"the most there can be", Bytes(40, 1),
         "64:29200:*:*:1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1:1"},
        {"more than there can be", Bytes(60, 254), "64:29200:*:*:254:1"},
    };
    for (const Case& c : cases) EXPECT_EQ(signature(c.options), c.expected) << c.description;
}

TEST(TcpSyn, EveryTruncation) {
    const Bytes whole = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string got = signature({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        EXPECT_EQ(got.substr(0, 9), "64:29200:") << size;
        EXPECT_EQ(got.find(":1460:") != std::string::npos, size >= 4) << size;
    }
}

TEST(TcpSyn, FieldsApart) {
    model::PacketView packet;
    packet.ttl = 128;
    packet.tcp_window = 65535;
    const Bytes options = {2, 4, 5, 0x50, 3, 3, 8};
    packet.tcp_options = options;
    const std::vector<Read> records = read_packet(Transport::syn, packet);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::syn_ttl), "128");
    EXPECT_EQ(records[0].text(Field::syn_window), "65535");
    EXPECT_EQ(records[0].text(Field::syn_segment_size), "1360");
    EXPECT_EQ(records[0].text(Field::syn_window_scale), "8");
    EXPECT_EQ(records[0].text(Field::syn_signature), "128:65535:1360:8:2,3:0");
}

}  // namespace
}  // namespace telltale::extract
