// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/numbers_text.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace telltale::model {
namespace {

TEST(NumbersText, OneByteEach) {
    std::array<char, 64> room;
    EXPECT_EQ(numbers_text(std::vector<std::uint8_t>{1, 121, 3, 255, 0}, room), "1,121,3,255,0");
    EXPECT_EQ(numbers_text({}, room), "");
}

TEST(NumbersText, TwoBytesEach) {
    std::array<char, 64> room;
    EXPECT_EQ(wide_numbers_text(std::vector<std::uint8_t>{23, 0, 24, 0, 0, 1}, room), "23,24,256");
    EXPECT_EQ(wide_numbers_text(std::vector<std::uint8_t>{23, 0, 24}, room), "23") << "half a number";
}

TEST(NumbersText, EndsWithAWholeNumberWhereTheRoomEnds) {
    const std::vector<std::uint8_t> numbers = {100, 200, 3};
    const std::string_view whole = "100,200,3";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        std::vector<char> room(size);
        const std::string_view text = numbers_text(numbers, room);
        const std::string_view expected = size < 3 ? "" : size < 7 ? "100" : size < 9 ? "100,200" : whole;
        EXPECT_EQ(text, expected) << size;
    }
}

}  // namespace
}  // namespace telltale::model
