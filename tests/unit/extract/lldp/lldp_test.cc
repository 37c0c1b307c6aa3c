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
    packet.ether_type = 0x88cc;
    packet.snap_organisation = 0;
    packet.payload = payload;
    packet.payload_length = static_cast<std::uint32_t>(payload.size() + (cut ? 1 : 0));
    return read_packet(Transport::link, packet);
}

TEST(Lldp, ReadsWhatASwitchSaysOfItself) {
    const auto records = read(support::lldp_announcement("switch-3", "Example Switch"));
    ASSERT_EQ(records.size(), 1U);
    const Read& record = records[0];
    EXPECT_EQ(record.kind, RecordKind::lldp);
    EXPECT_EQ(record.text(Field::system_name), "switch-3");
    EXPECT_EQ(record.text(Field::system_description), "Example Switch");
    EXPECT_EQ(record.text(Field::client_mac), std::string("\0\x5f\x67\0\0\1", 6));
    EXPECT_EQ(record.text(Field::port_id), "gi0/1");
    EXPECT_EQ(record.text(Field::capabilities), "4");
    EXPECT_EQ(record.text(Field::ip_address), std::string("\xc0\xa8\7\2"));
    EXPECT_EQ(record.text(Field::manufacturer), "Example");
    EXPECT_EQ(record.text(Field::model_name), "SW-1");
}

TEST(Lldp, EveryTruncationGivesWholeValues) {
    expect_whole_values(
        [](const Bytes& part, bool cut) { return read(part, cut); },
        support::lldp_announcement("switch-3", "Example Switch"), {{Field::system_name, "switch-3"}},
        {.and_also = [](const Read& record, std::size_t size) { EXPECT_TRUE(record.truncated) << size; }});
}

TEST(Lldp, OddValuesArePassedOver) {
    const Bytes odd = from_hex("0204 05 01c0a8 0401 05 0a00 0c00 0e01 00 1001 00 fe03 0012bb fe04 0012bb09 0000");
    const auto records = read(odd);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].fields.empty());
    EXPECT_TRUE(read(from_hex("0401 05 0000")).empty()) << "the chassis comes first";
}

}  // namespace
}  // namespace telltale::extract
