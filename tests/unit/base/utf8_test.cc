// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace telltale::base {
namespace {

// Returns the code points of a text, U+FFFD for each broken part.
std::u32string code_points(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
    return out;
}

TEST(Utf8, ReplacesEachMaximalBrokenPart) {
    EXPECT_EQ(code_points("a\x80z"), U"a\uFFFDz") << "a lone continuation byte";
    EXPECT_EQ(code_points("a\xe2\x82"), U"a\uFFFD") << "a cut sequence at the end";
    EXPECT_EQ(code_points("\xc0\xaf"), U"\uFFFD\uFFFD") << "an overlong slash";
    EXPECT_EQ(code_points("\xed\xa0\x80"), U"\uFFFD\uFFFD\uFFFD") << "a surrogate";
    EXPECT_EQ(code_points("\xf4\x90\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD") << "above U+10FFFF";
    EXPECT_EQ(code_points("\xf0\x90\x41"), U"\uFFFD\x41") << "lead and first continuation (table 3-8)";
}

TEST(Utf8, EveryCodePointSurvives) {
    for (char32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
        if (code_point >= 0xd800 && code_point <= 0xdfff) continue;
        std::string text;
        append_code_point(code_point, text);
        std::size_t at = 0;
        ASSERT_EQ(next_code_point(text, at), code_point);
        ASSERT_EQ(at, text.size());
    }
}

}  // namespace
}  // namespace telltale::base
