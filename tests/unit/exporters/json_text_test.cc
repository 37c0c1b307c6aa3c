// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <vector>

#include "exporters/json/escaped_text.h"
#include "exporters/json/plain_text.h"
#include "sensor/base/utf8.h"
#include "tests/support/random.h"

namespace telltale::json {
namespace {

using namespace std::string_literals;

struct Case {
    const char* description;
    std::string input;
    std::size_t max_characters;
    std::string expected;
};

std::string escaped(std::string_view text, std::size_t max_characters) {
    std::string out;
    append_escaped(text, max_characters, out);
    return out;
}

TEST(EscapedText, ReplacesWhatIsNotUtf8AndCutsBetweenCharacters) {
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
        EXPECT_EQ(escaped(c.input, c.max_characters), '"' + c.expected + '"') << c.description;
    }
}

TEST(EscapedText, CannotForgeALine) {
    const Case cases[] = {
        {"quotes and backslashes", R"(a"b\c)", 9, R"("a\"b\\c")"},
        {"line feeds and tabs", "a\r\n\tb", 9, R"("a\r\n\tb")"},
        {"a zero byte and an escape sequence", "a\0\x1b[31m"s, 9, R"("a\u0000\u001b[31m")"},
        {"DEL and C1 controls", "\x7f\xc2\x9b", 9, R"("\u007f\u009b")"},
        {"line separators", "\xe2\x80\xa8\xe2\x80\xa9", 9, R"("\u2028\u2029")"},
        {"a right-to-left override", "txt\xe2\x80\xae.exe", 9, R"("txt\u202e.exe")"},
        {"text in other scripts stays readable", "小米", 9, "\"小米\""},
        {"a quote at the cut does not end the string", "12345678\"\"", 9, "\"12345678…\""},
    };
    for (const Case& c : cases) EXPECT_EQ(escaped(c.input, c.max_characters), c.expected) << c.description;
}

bool plain(char byte) { return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\'; }

// Every byte value at every place of texts of every length around the block of 16, at every alignment.
TEST(PlainText, FindsEveryByteThatIsNotPlainWhereverItStands) {
    std::vector<char> room(128);
    std::vector<char> out(128);
    for (std::size_t size = 0; size <= 50; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int value = 0; value < 256; ++value) {
                const std::size_t start = (size + place) % 16;
                std::string text(size, 'x');
                text[place] = static_cast<char>(value);
                std::copy(text.begin(), text.end(), room.begin() + static_cast<std::ptrdiff_t>(start));
                const std::string_view view(room.data() + start, size);
                out.assign(out.size(), '?');
                const bool expected = plain(text[place]);
                ASSERT_EQ(PlainText::copy(view, out.data()), expected) << size << ' ' << place << ' ' << value;
                ASSERT_EQ(PlainText::prefix(view), expected ? size : place) << size << ' ' << place << ' ' << value;
                if (expected) {
                    ASSERT_EQ(std::string(out.data(), size), text);
                }
                ASSERT_EQ(out[size], '?') << "wrote beyond its " << size << " bytes";
            }
        }
    }
    EXPECT_TRUE(PlainText::copy({}, out.data()));
    EXPECT_EQ(PlainText::prefix({}), 0U);
}

// Returns the text with its broken parts replaced, as a reader of the JSON must get it.
std::string valid(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) base::append_code_point(base::next_code_point(text, at), out);
    return out;
}

std::string piece(support::Random& random) {
    static const std::string kPieces[] = {"a", "~ ", "\"", "\\",           "\n",   "\0"s,     "\x7f",
                                          "é", "€",  "😀",  "\xe2\x80\xa8", "\xff", "\xe2\x82"};
    return kPieces[random.below(std::size(kPieces))];
}

TEST(EscapedText, ReadsBackAsRapidJsonReadsIt) {
    support::Random random(12);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random.below(40), 'p');
        for (std::uint64_t i = random.below(6); i > 0; --i) text += piece(random);
        rapidjson::Document document;
        const std::string json = escaped(text, 1000);
        document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
        ASSERT_FALSE(document.HasParseError()) << json;
        ASSERT_EQ(std::string(document.GetString(), document.GetStringLength()), valid(text)) << json;
        for (const char byte : json) ASSERT_TRUE(static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f) << json;
    }
}

}  // namespace
}  // namespace telltale::json
