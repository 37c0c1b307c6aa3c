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
using support::TuyaSecrecy;

TEST(Tuya, ReadsAnnouncements) {
    const auto records = read_datagram(49154, 6666, support::tuya_announcement("bf1234", "keyabc"));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::tuya);
    EXPECT_EQ(records[0].text(Field::device_identifier), "bf1234");
    EXPECT_EQ(records[0].text(Field::product_key), "keyabc");
    EXPECT_EQ(records[0].text(Field::protocol_version), "3.3");
}

TEST(Tuya, OpensWhatIsEncryptedWithTheKeyThatAllShare) {
    for (const TuyaSecrecy secrecy : {TuyaSecrecy::blocks, TuyaSecrecy::sealed}) {
        const auto records = read_datagram(49154, 6667, support::tuya_announcement("bf1234", "keyabc", secrecy));
        ASSERT_EQ(records.size(), 1U);
        EXPECT_EQ(records[0].text(Field::device_identifier), "bf1234");
        EXPECT_EQ(records[0].text(Field::product_key), "keyabc");
        EXPECT_EQ(records[0].text(Field::protocol_version), secrecy == TuyaSecrecy::sealed ? "3.5" : "3.3");
    }
}

TEST(Tuya, WhatIsEncryptedOtherwiseIsKnownAndNotRead) {
    for (const TuyaSecrecy secrecy : {TuyaSecrecy::clear, TuyaSecrecy::blocks, TuyaSecrecy::sealed}) {
        Bytes bytes = support::tuya_announcement("bf1234", "keyabc", secrecy);
        for (std::size_t i = 20; i < bytes.size() - 8; ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ 0x80);
        const auto records = read_datagram(49154, 6667, bytes);
        ASSERT_EQ(records.size(), 1U);
        EXPECT_TRUE(records[0].fields.empty());
    }
}

TEST(Tuya, EveryTruncationGivesWholeValues) {
    for (const TuyaSecrecy secrecy : {TuyaSecrecy::clear, TuyaSecrecy::blocks, TuyaSecrecy::sealed}) {
        const Bytes whole = support::tuya_announcement("bf1234", "keyabc", secrecy);
        expect_whole_values(udp(49154, 6666), whole, {{Field::device_identifier, "bf1234"}},
                            {.uncut = Uncut::what_is_sound});
        EXPECT_TRUE(read_datagram(49154, 6668, whole).empty()) << "another port";
    }
}

}  // namespace
}  // namespace telltale::extract
