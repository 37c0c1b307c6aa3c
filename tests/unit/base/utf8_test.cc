// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/utf8.h"

#include <gtest/gtest.h>

namespace telltale::base {
namespace {

using namespace std::string_literals;

struct Case {
    const char* description;
    std::string input;
    std::size_t max_characters;
    std::string expected;
};

TEST(Utf8, ReplacesWhatIsNotUtf8AndCuts) {
    const Case cases[] = {
        {"empty", "", 5, ""},
        {"ASCII", "phone", 5, "phone"},
        {"one too long: an ellipsis is the last character", "phones", 5, "phon…"},
        {"counts characters, not bytes", "Gerät", 5, "Gerät"},
        {"two, three and four bytes", "é€😀", 3, "é€😀"},
        {"cut between characters of several bytes", "é€😀é€😀", 3, "é€…"},
        {"a lone continuation byte", "a\x80z", 9, "a\uFFFDz"},
        {"Latin-1", "Ger\xe4t", 9, "Ger\uFFFDt"},
        {"a cut sequence at the end counts once", "a\xe2\x82", 9, "a\uFFFD"},
        {"an overlong slash: two broken parts", "\xc0\xaf", 9, "\uFFFD\uFFFD"},
        {"an overlong form of three bytes", "\xe0\x80\x80", 9, "\uFFFD\uFFFD\uFFFD"},
        {"a surrogate", "\xed\xa0\x80", 9, "\uFFFD\uFFFD\uFFFD"},
        {"above U+10FFFF", "\xf4\x90\x80\x80", 9, "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"bytes that are never in UTF-8", "\xfe\xff", 9, "\uFFFD\uFFFD"},
        {"maximal part (table 3-8): lead and first continuation", "\xf0\x90\x41", 9, "\uFFFD\x41"},
        {"no room at all", "abc", 0, ""},
    };
    for (const Case& c : cases) {
        std::string out;
        append_utf8(c.input, c.max_characters, out);
        EXPECT_EQ(out, c.expected) << c.description;
    }
}

TEST(Utf8, WritesJsonStringsThatCannotForgeALine) {
    const Case cases[] = {
        {"empty", "", 9, R"("")"},
        {"quotes and backslashes", R"(a"b\c)", 9, R"("a\"b\\c")"},
        {"line feeds and tabs", "a\r\n\tb", 9, R"("a\r\n\tb")"},
        {"a zero byte and an escape sequence", "a\0\x1b[31m"s, 9, R"("a\u0000\u001b[31m")"},
        {"DEL and C1 controls", "\x7f\xc2\x9b", 9, R"("\u007f\u009b")"},
        {"line separators", "\xe2\x80\xa8\xe2\x80\xa9", 9, R"("\u2028\u2029")"},
        {"a right-to-left override", "txt\xe2\x80\xae.exe", 9, R"("txt\u202e.exe")"},
        {"text in other scripts stays readable", "小米", 9, "\"小米\""},
        {"invalid bytes", "a\xff", 9, "\"a\uFFFD\""},
        {"bounded", "aaaaaaaaaa", 9, "\"aaaaaaaa…\""},
        {"a quote at the cut does not end the string", "12345678\"\"", 9, "\"12345678…\""},
    };
    for (const Case& c : cases) {
        std::string out;
        append_json_string(c.input, c.max_characters, out);
        EXPECT_EQ(out, c.expected) << c.description;
    }
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
