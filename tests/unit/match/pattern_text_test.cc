// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/pattern_text.h"

#include <gtest/gtest.h>

namespace telltale::match {
namespace {

TEST(PatternTextTest, LiteralText) {
    const std::pair<const char*, const char*> cases[] = {
        {"abc", "abc"},     {"^ab\\.c$", "ab.c"}, {"a[bc]d", "ad"},
        {"a[]b]c", "ac"},   {"a[^]b]c", "ac"},    {"a[\\]b]c", "ac"},
        {"ab?c", "ac"},     {"ab*?c", "ac"},      {"ab+c", "abc"},
        {"ab{0,3}c", "ac"}, {"ab{2}c", "abc"},    {"a(?:bc|d(e))f", "af"},
        {"a([)])f", "af"},  {"(abc)?", ""},       {"\\x41\\x2e\\d\\w", "A."},
        {"long|s", "s"},    {"s|long", "s"},      {"", ""},
        {"a\\", "a"},       {"a(b", "a"},         {"a[b", "a"},
        {"a{2", "a"},
    };
    for (const auto& [regex, expected] : cases) EXPECT_EQ(literal_text(regex), expected) << regex;
}

TEST(PatternTextTest, Expressions) {
    signatures::Signature signature;
    signature.pattern = "A.x-Y.com";
    EXPECT_EQ(expression_of(signature), "(^|\\.)a\\.x-y\\.com\\z");
    signature.kind = signatures::PatternKind::exact;
    EXPECT_EQ(expression_of(signature), "^a\\.x-y\\.com\\z");
    signature.set = signatures::PatternSet::user_agent;
    signature.pattern = std::string("A (\0\xff", 5);
    EXPECT_EQ(expression_of(signature), "^A\\x20\\(\\x00\\xff\\z");
    signature.kind = signatures::PatternKind::regex;
    signature.pattern = "^A.$";
    EXPECT_EQ(expression_of(signature), "^A.$");
}

}  // namespace
}  // namespace telltale::match
