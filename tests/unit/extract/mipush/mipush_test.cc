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

TEST(Mipush, ReadsWhatAPhoneSaysOfItself) {
    const Bytes message = support::mipush_connect("Redmi Note 9", "V12.5.1", "a-0123");
    for (std::size_t at = 1; at < message.size(); ++at) {
        const StreamReading reading = read_stream(in_two(message, at), {.destination_port = 5222});
        ASSERT_EQ(reading.records.size(), 1U) << at;
        const Read& record = reading.records[0];
        EXPECT_EQ(record.kind, RecordKind::mipush);
        EXPECT_EQ(record.text(Field::service_name), "xiaomi.com");
        EXPECT_EQ(record.text(Field::method), "CONN");
        EXPECT_EQ(record.text(Field::model_name), "Redmi Note 9");
        EXPECT_EQ(record.text(Field::software), "V12.5.1");
        EXPECT_EQ(record.text(Field::device_identifier), "a-0123");
        EXPECT_EQ(record.text(Field::network_type), "wifi");
        EXPECT_TRUE(reading.named);
    }
}

TEST(Mipush, EveryTruncationGivesWholeValues) {
    expect_whole_values(tcp(), support::mipush_connect("Redmi Note 9", "V12.5.1", "a-0123"),
                        {{Field::model_name, "Redmi Note 9"}});
}

// The server answers with a challenge in the fields that hold a phone's model.
TEST(Mipush, TheServerIsNoPhone) {
    const Bytes answer = from_hex(
        "c2fe0005000000360002001600000018 08001a0a7869616f6d692e636f6d2a04434f4e4e4800"
        "0a0a33353836333730373639 120437663034 1a020800 22007da80b77");
    const StreamReading reading = read_stream({answer}, {.source_port = 5222, .destination_port = 40000});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::method), "CONN");
    EXPECT_FALSE(reading.records[0].has(Field::model_name));
}

TEST(Mipush, BrokenOnes) {
    Bytes message = support::mipush_connect("m", "s", "i");
    message[11] = 0xff;
    EXPECT_TRUE(read_stream({message}).records.empty()) << "a header beyond the message";
    EXPECT_TRUE(read_stream({from_hex("c2fe 0005 00100000 0002 0000")}).records.empty()) << "too long";
    EXPECT_TRUE(read_stream({from_hex("c2fe 0005 00000010 0003 0000")}).records.empty()) << "another type";
}

}  // namespace
}  // namespace telltale::extract
