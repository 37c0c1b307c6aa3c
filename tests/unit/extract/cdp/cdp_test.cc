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

std::vector<Read> read(const Bytes& payload, bool cut = false) {
    model::PacketView packet;
    packet.ether_type = 0x2000;
    packet.snap_organisation = 0x00000c;
    packet.payload = payload;
    packet.payload_length = static_cast<std::uint32_t>(payload.size() + (cut ? 1 : 0));
    return read_packet(Transport::link, packet);
}

TEST(Cdp, ReadsWhatASwitchSaysOfItself) {
    const auto records = read(support::cdp_announcement("switch-3", "example WS-1"));
    ASSERT_EQ(records.size(), 1U);
    const Read& record = records[0];
    EXPECT_EQ(record.kind, RecordKind::cdp);
    EXPECT_EQ(record.text(Field::system_name), "switch-3");
    EXPECT_EQ(record.text(Field::platform), "example WS-1");
    EXPECT_EQ(record.text(Field::software), "Example OS 15.2");
    EXPECT_EQ(record.text(Field::port_id), "GigabitEthernet0/1");
    EXPECT_EQ(record.text(Field::capabilities), "40");
    EXPECT_EQ(record.text(Field::ip_address), std::string("\xc0\xa8\7\2"));
}

TEST(Cdp, EveryTruncationGivesWholeValues) {
    expect_whole_values([](const Bytes& part, bool cut) { return read(part, cut); },
                        support::cdp_announcement("switch-3", "example WS-1"), {{Field::system_name, "switch-3"}},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             EXPECT_FALSE(record.has(Field::platform)) << size;
                         }});
}

TEST(Cdp, BrokenOnes) {
    EXPECT_TRUE(read(from_hex("02b40000 0001 0003")).empty()) << "a length below its own header";
    EXPECT_TRUE(read(from_hex("02b40000 0001 ffff")).empty()) << "a length beyond the frame";
    EXPECT_TRUE(read(from_hex("03b40000")).empty()) << "another version";
    const auto odd = read(from_hex("02b40000 0002 0008 00000000 0004 0005 01"));
    ASSERT_EQ(odd.size(), 1U);
    EXPECT_TRUE(odd[0].fields.empty());
}

}  // namespace
}  // namespace telltale::extract
