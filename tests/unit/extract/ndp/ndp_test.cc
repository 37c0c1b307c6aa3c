// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using support::Bytes;
using support::ByteWriter;

const Bytes kTarget = [] {
    Bytes address(16, 0);
    address[0] = 0xfe, address[1] = 0x80, address[15] = 7;
    return address;
}();
const Bytes kOther(16, 0x22);
const Bytes kOptionMac = {2, 0, 0, 0, 0, 9};

Bytes message(std::uint8_t type, const Bytes& options) {
    ByteWriter out;
    out.u8(type).u8(0).u16(0).zeros(type == 134 ? 12 : 4);
    if (type >= 135) out.raw(kTarget);
    return out.raw(options).take();
}

std::vector<Read> read(const Bytes& payload, const Bytes& source = kOther, std::uint8_t hops = 255, bool cut = false) {
    model::PacketView packet;
    packet.ttl = hops;
    packet.source = model::IpAddress::v6(source.data());
    packet.source_mac.bytes = {2, 0, 0, 0, 0, 5};
    packet.payload = payload;
    packet.payload_length = static_cast<std::uint32_t>(payload.size() + (cut ? 1 : 0));
    return read_packet(Transport::icmpv6, packet);
}

std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Ndp, WhoHasWhichAddress) {
    const Bytes source_option = ByteWriter().u8(1).u8(1).raw(kOptionMac).take();
    const Bytes target_option = ByteWriter().u8(2).u8(1).raw(kOptionMac).take();
    const Bytes none(16, 0), frame_mac = {2, 0, 0, 0, 0, 5};
    struct Case {
        const char* description;
        std::uint8_t type;
        Bytes options, source, mac, address;
    };
    const Case cases[] = {
        {"a solicitation: its sender", 135, source_option, kOther, kOptionMac, kOther},
        {"duplicate address detection: the target", 135, {}, none, frame_mac, kTarget},
        {"an advertisement: the target", 136, target_option, kOther, kOptionMac, kTarget},
        {"an advertisement without option", 136, {}, kOther, frame_mac, kTarget},
        {"a router's", 134, source_option, kOther, kOptionMac, kOther},
        {"a host's question for routers", 133, source_option, kOther, kOptionMac, kOther},
        {"a host without address", 133, {}, none, frame_mac, {}},
    };
    for (const Case& c : cases) {
        const std::vector<Read> records = read(message(c.type, c.options), c.source);
        ASSERT_EQ(records.size(), 1U) << c.description;
        EXPECT_EQ(records[0].text(Field::operation), std::to_string(c.type)) << c.description;
        EXPECT_EQ(records[0].text(Field::client_mac), text(c.mac)) << c.description;
        EXPECT_EQ(records[0].text(Field::ip_address), text(c.address)) << c.description;
    }
}

TEST(Ndp, WhatIsNoNeighboursWord) {
    EXPECT_TRUE(read(message(135, {}), kOther, 64).empty()) << "it came through a router";
    EXPECT_TRUE(read(message(137, {})).empty()) << "a redirect";
    EXPECT_TRUE(read(message(128, {})).empty()) << "an echo";
    Bytes code = message(136, {});
    code[1] = 1;
    EXPECT_TRUE(read(code).empty());
}

TEST(Ndp, EveryTruncationAndBadOptions) {
    const Bytes whole = message(136, ByteWriter().u8(2).u8(1).raw(kOptionMac).take());
    expect_whole_values([](const Bytes& part, bool cut) { return read(part, kOther, 255, cut); }, whole,
                        {{Field::ip_address, text(kTarget)}},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             EXPECT_TRUE(record.has(Field::ip_address)) << size;
                         }});
    for (const Bytes& options : {Bytes{2, 0, 1, 2}, Bytes{2, 200, 1, 2}, Bytes{2}}) {
        const std::vector<Read> records = read(message(136, options));
        ASSERT_EQ(records.size(), 1U);
        EXPECT_TRUE(records[0].truncated);
    }
}

}  // namespace
}  // namespace telltale::extract
