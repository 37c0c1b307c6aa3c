// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>

namespace telltale::base {
namespace {

constexpr std::array<std::uint8_t, 8> kBytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

TEST(ByteReader, ReadsIntegersInNetworkOrder) {
    ByteReader reader{Bytes(kBytes)};
    std::uint8_t u8 = 0;
    std::uint16_t u16 = 0;
    std::uint32_t u24 = 0;
    ASSERT_TRUE(reader.read_u8(u8));
    ASSERT_TRUE(reader.read_u16(u16));
    ASSERT_TRUE(reader.read_u24(u24));
    EXPECT_EQ(u8, 0x01);
    EXPECT_EQ(u16, 0x0203);
    EXPECT_EQ(u24, 0x040506u);
    EXPECT_EQ(reader.remaining(), 2u);

    ByteReader again{Bytes(kBytes)};
    std::uint64_t u64 = 0;
    ASSERT_TRUE(again.read_u64(u64));
    EXPECT_EQ(u64, 0x0102030405060708u);
    EXPECT_TRUE(again.empty());

    ByteReader little{Bytes(kBytes)};
    std::uint16_t le16 = 0;
    std::uint32_t le32 = 0;
    ASSERT_TRUE(little.read_le_u16(le16));
    ASSERT_TRUE(little.read_le_u32(le32));
    EXPECT_EQ(le16, 0x0201);
    EXPECT_EQ(le32, 0x06050403u);
}

TEST(ByteReader, FailsForGoodAndLeavesTheOutputAlone) {
    ByteReader reader{Bytes(kBytes)};
    ASSERT_TRUE(reader.skip(6));
    std::uint32_t value = 77;
    EXPECT_FALSE(reader.read_u32(value));
    EXPECT_EQ(value, 77u);
    EXPECT_TRUE(reader.failed());
    std::uint8_t byte = 9;
    EXPECT_FALSE(reader.read_u8(byte)) << "two bytes were left, but a failed reader stays failed";
    EXPECT_EQ(byte, 9);
    EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ByteReader, SubReaderCannotReadPastWhatItsLengthClaims) {
    constexpr std::array<std::uint8_t, 5> kNested{0x02, 0xaa, 0xbb, 0x09, 0xcc};
    ByteReader reader{Bytes(kNested)};
    ByteReader inner;
    ASSERT_TRUE(reader.read_sub_u8(inner));
    EXPECT_EQ(inner.remaining(), 2u);
    EXPECT_FALSE(inner.skip(3));
    EXPECT_FALSE(reader.failed()) << "the parent is not harmed by its child";
    EXPECT_FALSE(reader.read_sub_u8(inner)) << "9 bytes claimed, one there";
    EXPECT_TRUE(reader.failed());
}

TEST(ByteReader, SubReaderWithALengthOfThreeBytes) {
    constexpr std::array<std::uint8_t, 6> kNested{0x00, 0x00, 0x02, 0xaa, 0xbb, 0xcc};
    ByteReader reader{Bytes(kNested)};
    ByteReader inner;
    ASSERT_TRUE(reader.read_sub_u24(inner));
    EXPECT_EQ(inner.remaining(), 2u);
    EXPECT_EQ(reader.remaining(), 1u);
    EXPECT_FALSE(reader.read_sub_u24(inner));
}

TEST(ByteReader, IntegersOfAnySize) {
    constexpr std::array<std::uint8_t, 8> kEight{1, 2, 3, 4, 5, 6, 7, 8};
    for (std::size_t size = 1; size <= 8; ++size) {
        ByteReader reader{Bytes(kEight)};
        std::uint64_t value = 0;
        ASSERT_TRUE(reader.read_integer(size, value));
        EXPECT_EQ(value, 0x0102030405060708ULL >> (8 * (8 - size)));
        EXPECT_EQ(reader.read_integer(size, value), 2 * size <= 8);
    }
}

TEST(IntegerAt, IsZeroWhereTheBytesEnd) {
    constexpr std::array<std::uint8_t, 4> kFour{0x01, 0x02, 0x03, 0x04};
    const Bytes bytes(kFour);
    EXPECT_EQ(u8_at(bytes, 3), 4u);
    EXPECT_EQ(u8_at(bytes, 4), 0u);
    EXPECT_EQ(u16_at(bytes, 2), 0x0304u);
    EXPECT_EQ(u16_at(bytes, 3), 0u);
    EXPECT_EQ(u24_at(bytes, 1), 0x020304u);
    EXPECT_EQ(u24_at(bytes, 2), 0u);
    EXPECT_EQ(u32_at(bytes, 0), 0x01020304u);
    EXPECT_EQ(u32_at(bytes, 1), 0u);
    EXPECT_EQ(u32_at(bytes, SIZE_MAX), 0u);
    EXPECT_EQ(le_u16_at(bytes, 0), 0x0201u);
    EXPECT_EQ(le_u32_at(bytes, 0), 0x04030201u);
    EXPECT_EQ(le_u32_at({}, 0), 0u);
}

TEST(ByteReader, EmptyInput) {
    ByteReader reader;
    std::uint8_t byte = 0;
    EXPECT_EQ(reader.peek(), 0);
    EXPECT_TRUE(reader.skip(0));
    EXPECT_FALSE(reader.read_u8(byte));
}

}  // namespace
}  // namespace telltale::base
