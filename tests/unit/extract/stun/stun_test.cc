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

TEST(Stun, ReadsRealmAndSoftware) {
    const auto records = read_datagram(3478, 50000, support::stun_unauthorized("turn.example.com", "Coturn-4.5.2"));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::stun);
    EXPECT_EQ(records[0].text(Field::realm), "turn.example.com");
    EXPECT_EQ(records[0].text(Field::software), "Coturn-4.5.2");
    EXPECT_EQ(records[0].text(Field::operation), std::to_string(0x0113));
}

TEST(Stun, SaysNothingOfMessagesWithoutThemAndReadsOn) {
    static Extractors extractors;
    model::RecordBuffer buffer(4 * model::kMaxRecordBytes);
    ExtractState state;
    const auto read = [&](const Bytes& payload) {
        model::PacketView packet;
        packet.has_ports = true;
        packet.source_port = packet.destination_port = 50000;
        packet.payload = payload;
        packet.payload_length = static_cast<std::uint32_t>(payload.size());
        const DatagramVerdict verdict = extractors.datagram({}, packet, state, buffer);
        EXPECT_FALSE(verdict.unknown);
        return records_in(buffer);
    };
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(read(support::stun_binding()).empty());
    const auto records = read(support::dtls_hello("example.com")[0]);
    ASSERT_EQ(records.size(), 1U) << "a hello behind many keep-alives";
    EXPECT_EQ(records[0].kind, RecordKind::dtls);
}

TEST(Stun, EveryTruncationGivesWholeValues) {
    expect_whole_values(udp(3478, 50000), support::stun_unauthorized("turn.example.com", "Coturn-4.5.2"),
                        {{Field::realm, "turn.example.com"}}, {.and_also = [](const Read& record, std::size_t size) {
                            EXPECT_FALSE(record.has(Field::software)) << size;
                        }});
}

TEST(Stun, OthersAreNotIts) {
    Bytes bytes = support::stun_unauthorized("a", "b");
    bytes[4] ^= 1;
    EXPECT_TRUE(read_datagram(3478, 50000, bytes).empty()) << "no magic cookie";
    bytes[4] ^= 1;
    bytes[0] |= 0x80;
    EXPECT_TRUE(read_datagram(3478, 50000, bytes).empty()) << "RTP";
    EXPECT_TRUE(read_datagram(3478, 1, from_hex("0001 0004 2112a442 000000000000000000000000 8022ffff")).empty());
}

}  // namespace
}  // namespace telltale::extract
