// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/enumeration.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace telltale::base {
namespace {

#define COLOURS(X) X(red, "red", 7) X(light_green, "light-green", 9)
TELLTALE_ENUMERATION(Colour, std::uint8_t, COLOURS)
#define NUMBER(name, word, number) number,
constexpr EnumArray<Colour, int> kNumbers({COLOURS(NUMBER)});

TEST(Enumeration, HasItsCountItsWordsAndTheWayBack) {
    static_assert(kCount<Colour> == 2);
    static_assert(enumerators<Colour>()[1] == Colour::light_green);
    static_assert(to_string(Colour::light_green) == "light-green");
    static_assert(from_word<Colour>("red") == Colour::red);
    EXPECT_EQ(from_word<Colour>("light_green"), std::nullopt) << "the enumerator's name is not its word";
    EXPECT_EQ(from_word<Colour>(""), std::nullopt);
}

TEST(EnumArray, HoldsAValueForEachEnumerator) {
    static_assert(kNumbers[Colour::red] == 7 && kNumbers[Colour::light_green] == 9);
    EnumArray<Colour, int> counts;
    ++counts[Colour::light_green];
    EXPECT_EQ(counts, (EnumArray<Colour, int>({0, 1})));
    int sum = 0;
    for (const int count : counts) sum += count;
    EXPECT_EQ(sum, 1);
}

}  // namespace
}  // namespace telltale::base
