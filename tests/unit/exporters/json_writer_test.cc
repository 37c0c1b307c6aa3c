// SPDX-License-Identifier: Apache-2.0
#include "exporters/json/json_writer.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/random.h"

namespace telltale::json {
namespace {

using Oracle = rapidjson::Writer<rapidjson::StringBuffer>;

TEST(JsonWriter, SeparatesAndClosesWhateverIsNested) {
    JsonWriter json;
    EXPECT_EQ(json.str(), "");
    json.begin('{');
    json.begin("none"_key, '{');
    json.end('}');
    json.begin("list"_key, '[');
    json.end(']');
    json.begin("items"_key, '[');
    json.number(1);
    json.string("b");
    json.begin('{');
    json.boolean("c"_key, true);
    json.boolean("d"_key, false);
    json.end('}');
    json.end(']');
    json.key("e"_key);
    json.signed_number(-5);
    json.named("f.g");
    json.real(0.5);
    json.end('}');
    EXPECT_EQ(json.str(), R"({"none":{},"list":[],"items":[1,"b",{"c":true,"d":false}],"e":-5,"f.g":0.5})");
    json.clear();
    json.string("again");
    EXPECT_EQ(json.str(), R"("again")");
}

TEST(JsonWriter, AppendsPiecesAndTakesBack) {
    JsonWriter json;
    json.begin('{');
    json.append(R"("fixed":{"a":1},"number":)");
    json.append_digits(42);
    json.append(",");
    const std::size_t before = json.size();
    json.begin("unwanted"_key, '{');
    json.take_back(before);
    json.key("short"_key);
    json.short_text([](char* at) {
        std::fill_n(at, JsonWriter::kMaxShortText, 'x');
        return at + JsonWriter::kMaxShortText;
    });
    json.end('}');
    EXPECT_EQ(json.str(),
              R"({"fixed":{"a":1},"number":42,"short":")" + std::string(JsonWriter::kMaxShortText, 'x') + "\"}");
}

TEST(JsonWriter, CutsAndEscapesTextThatIsNotPlain) {
    JsonWriter json;
    json.begin('[');
    json.string("phones", 6);
    json.string("phones", 5);
    json.string("Gerät", 5);
    json.string("a\n\"b\xff");
    json.string("");
    json.end(']');
    EXPECT_EQ(json.str(), "[\"phones\",\"phon…\",\"Gerät\",\"a\\n\\\"b\uFFFD\",\"\"]");
}

TEST(JsonWriter, EscapesNamesAsItEscapesText) {
    JsonWriter json;
    json.begin('{');
    json.named("plain");
    json.number(1);
    json.named("a\"b\\c\n\xff");
    json.begin('{');
    json.end('}');
    json.named("");
    json.string("");
    json.end('}');
    EXPECT_EQ(json.str(), "{\"plain\":1,\"a\\\"b\\\\c\\n\uFFFD\":{},\"\":\"\"}");
}

TEST(JsonWriter, WritesNumbersOfEveryLength) {
    std::vector<std::uint64_t> values{0, std::numeric_limits<std::uint64_t>::max()};
    for (std::uint64_t power = 1; power <= 1'000'000'000'000'000'000; power *= 10) {
        values.insert(values.end(), {power - 1, power, power + 1, power * 9 + 5});
        if (power == 1'000'000'000'000'000'000) break;
    }
    for (int bits = 0; bits < 64; ++bits) values.push_back(std::uint64_t{1} << bits);
    for (const std::uint64_t value : values) {
        JsonWriter json;
        json.number(value);
        ASSERT_EQ(json.str(), std::to_string(value));
        json.clear();
        json.signed_number(static_cast<std::int64_t>(value));
        ASSERT_EQ(json.str(), std::to_string(static_cast<std::int64_t>(value)));
    }
}

TEST(JsonWriter, WritesThousandthsAsRapidJsonWritesTheirReal) {
    for (std::uint32_t value = 0; value <= 20'000; ++value) {
        rapidjson::StringBuffer expected;
        Oracle(expected).Double(value / 1000.0);
        JsonWriter json;
        json.thousandths(value);
        ASSERT_EQ(json.str(), expected.GetString());
        json.clear();
        json.real(value / 1000.0);
        ASSERT_EQ(json.str(), expected.GetString());
    }
}

TEST(JsonWriter, RealsReadBackAsTheSameNumber) {
    support::Random random(7);
    std::vector<double> values{0.0,
                               -0.0,
                               1.0,
                               -1.5,
                               1e20,
                               1e21,
                               1e-6,
                               9.99e-7,
                               std::numeric_limits<double>::min(),
                               std::numeric_limits<double>::max(),
                               std::numeric_limits<double>::denorm_min()};
    for (int i = 0; i < 10'000; ++i) {
        values.push_back(
            std::ldexp(static_cast<double>(random.below(1U << 30)) / 3, static_cast<int>(random.below(200)) - 100));
    }
    for (const double value : values) {
        JsonWriter json;
        json.real(value);
        rapidjson::Document document;
        document.Parse<rapidjson::kParseFullPrecisionFlag>(json.str().data(), json.str().size());
        ASSERT_TRUE(document.IsDouble()) << json.str();
        ASSERT_EQ(document.GetDouble(), value) << json.str();
    }
}

// Writes the same random document with both, of plain text and numbers, in which they agree to the letter.
void write_both(JsonWriter& ours, Oracle& theirs, support::Random& random, int depth) {
    const auto text = [&] { return std::string(random.below(70), static_cast<char>('a' + random.below(26))); };
    switch (depth == 0 ? random.below(3) : random.below(5)) {
        case 0: {
            const std::string value = text();
            ours.string(value);
            theirs.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
            return;
        }
        case 1: {
            const auto value = static_cast<std::int64_t>(random.next());
            ours.signed_number(value);
            theirs.Int64(value);
            return;
        }
        case 2: {
            const bool value = random.below(2) == 1;
            ours.boolean(value);
            theirs.Bool(value);
            return;
        }
        case 3: {
            ours.begin('{');
            theirs.StartObject();
            for (std::uint64_t i = random.below(5); i > 0; --i) {
                const std::string name = text();
                ours.named(name);
                theirs.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
                write_both(ours, theirs, random, depth - 1);
            }
            ours.end('}');
            theirs.EndObject();
            return;
        }
        default: {
            ours.begin('[');
            theirs.StartArray();
            for (std::uint64_t i = random.below(5); i > 0; --i) write_both(ours, theirs, random, depth - 1);
            ours.end(']');
            theirs.EndArray();
            return;
        }
    }
}

TEST(JsonWriter, WritesDocumentsAsRapidJsonWritesThem) {
    support::Random random(3);
    JsonWriter ours;
    for (int round = 0; round < 2'000; ++round) {
        rapidjson::StringBuffer buffer;
        Oracle theirs(buffer);
        ours.clear();
        write_both(ours, theirs, random, 5);
        ASSERT_EQ(ours.str(), buffer.GetString());
    }
}

}  // namespace
}  // namespace telltale::json
