// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;

constexpr std::uint16_t kRequest = 1, kReply = 2;

model::PacketView packet(std::uint16_t operation, std::string_view sender_mac, std::string_view sender_ip) {
    model::PacketView view;
    view.network = model::Network::arp;
    view.arp_operation = operation;
    if (const auto mac = model::parse_mac(sender_mac)) view.arp_sender_mac = *mac;
    if (const auto ip = model::parse_ip(sender_ip)) view.source = *ip;
    return view;
}

TEST(Arp, ReadsWhoClaimsAnAddress) {
    for (const std::uint16_t operation : {kRequest, kReply}) {
        const std::vector<Read> records =
            read_packet(Transport::arp, packet(operation, "00:5f:67:00:00:01", "10.0.0.1"));
        ASSERT_EQ(records.size(), 1U);
        EXPECT_EQ(records[0].kind, model::RecordKind::arp);
        EXPECT_FALSE(records[0].truncated);
        EXPECT_EQ(records[0].text(Field::client_mac), std::string("\0\x5f\x67\0\0\1", 6));
        EXPECT_EQ(records[0].text(Field::ip_address), std::string("\x0a\0\0\1", 4));
        EXPECT_EQ(records[0].text(Field::operation), std::to_string(operation));
    }
}

// Also what decode leaves empty: other hardware, and packets that are cut.
TEST(Arp, PassesOverWhatClaimsNothing) {
    const struct {
        const char* description;
        model::PacketView packet;
    } cases[] = {
        {"a probe", packet(kRequest, "00:5f:67:00:00:01", "0.0.0.0")},
        {"no address", packet(kRequest, "00:5f:67:00:00:01", "")},
        {"no MAC", packet(kReply, "", "10.0.0.1")},
        {"nothing", packet(0, "", "")},
    };
    for (const auto& test : cases) EXPECT_TRUE(read_packet(Transport::arp, test.packet).empty()) << test.description;
}

}  // namespace
}  // namespace telltale::extract
