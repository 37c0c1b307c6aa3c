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

TEST(Miio, ReadsHellosAndDeviceNumbers) {
    const auto hello = read_datagram(40000, 54321, support::miio_hello());
    ASSERT_EQ(hello.size(), 1U);
    EXPECT_EQ(hello[0].kind, RecordKind::miio);
    EXPECT_EQ(hello[0].text(Field::hello), "1");
    EXPECT_FALSE(hello[0].has(Field::device_number));
    const auto answer = read_datagram(54321, 40000, support::miio_answer(65347418));
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_EQ(answer[0].text(Field::device_number), "65347418");
    Bytes command = support::miio_answer(7);
    command.resize(64);
    command[3] = 64;
    ASSERT_EQ(read_datagram(40000, 54321, command).size(), 1U);
    EXPECT_EQ(read_datagram(40000, 54321, command)[0].text(Field::hello), "0");
}

TEST(Miio, EveryTruncationGivesWholeValues) {
    expect_whole_values(udp(40000, 54321), support::miio_answer(7), {{Field::device_number, "7"}});
}

TEST(Miio, OtherPortsAndMarks) {
    Bytes other = support::miio_answer(7);
    EXPECT_TRUE(read_datagram(40000, 54322, other).empty()) << "another port";
    other[0] = 0;
    EXPECT_TRUE(read_datagram(40000, 54321, other).empty()) << "no mark";
}

}  // namespace
}  // namespace telltale::extract
