// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "tests/unit/signatures/bundle_fixture.h"

namespace telltale::signatures {
namespace {

class LoadErrorTest : public BundleFixture {};

TEST_F(LoadErrorTest, TheFixtureItselfLoads) {
    const auto bundle = load_bundle(dir_);
    ASSERT_TRUE(bundle) << bundle.error().text;
    ASSERT_EQ(bundle->signatures.size(), 2U);
    EXPECT_EQ(bundle->signatures[0].id, "acme.acme-com");
    EXPECT_EQ(bundle->signatures[1].claim.model, "$1");
    ASSERT_EQ(bundle->policies.size(), 1U);
    EXPECT_EQ(bundle->policies[0].severity, 3);
    ASSERT_EQ(bundle->policies[0].when.size(), 2U);
    EXPECT_TRUE(bundle->policies[0].when[1].negated);
}

struct Mistake {
    const char* description;
    const char* file;
    const char* from;  // replaced in the sound file; "" appends
    const char* to;
    const char* expected;  // "line: text" that the error holds behind the file's name
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    if (from.empty()) return text + to;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const char* const kSecond =
    "  - {suffix: acme.com, category: other, sources: [s], match: [acme.com], no_match: [x.org], id: acme.second}\n";

const char* const kResolverByText =
    "resolvers:\n  - {exact: dns.acme.com, sources: [s], match: [dns.acme.com], no_match: [x.org]}\n";
const char* const kResolverTwice =
    "resolvers:\n  - {suffix: acme.com, sources: [s], match: [acme.com], no_match: [x.org]}\n"
    "  - {suffix: acme.com, sources: [s], match: [acme.com], no_match: [x.org], id: other}\n";
const char* const kResolverExample =
    "resolvers:\n  - {suffix: dns.acme.com, sources: [s], match: [acme.com], no_match: [x.org]}\n";

const Mistake kMistakes[] = {
    {"unknown key", "o.yaml", "  - suffix: acme.com", "  - sufix: acme.com",
     ":3: unknown key 'sufix', did you mean 'suffix'?"},
    {"wrong type", "o.yaml", "[s]}", "{a: s}}", ":1: 'sources' must be a value or a list of values, found a map"},
    {"map where a list belongs", "o.yaml", "destinations:\n", "destinations: {}\nmakers:\n",
     ":2: 'destinations' must be a list, found a map"},
    {"unknown category", "o.yaml", "category: other", "category: telemetri",
     ":4: unknown category 'telemetri', did you mean 'telemetry'? (one of: other, telemetry, ads"},
    {"missing source", "o.yaml", "    sources: [s]\n", "", ":3: destination needs 'sources'"},
    {"empty sources", "o.yaml", "    sources: [s]\n", "    sources: []\n", ":5: 'sources' is empty"},
    {"unknown source", "o.yaml", "    sources: [s]\n", "    sources: [t:x]\n", ":3: unknown source 't'"},
    {"missing example", "o.yaml", "    match: [www.acme.com]\n", "", ":3: destination needs 'match'"},
    {"empty pattern", "o.yaml", "suffix: acme.com", "suffix: ''", ":3: 'suffix' is empty"},
    {"two patterns", "o.yaml", "suffix: acme.com", "suffix: acme.com\n    exact: acme.com", ":3: needs exactly one of"},
    {"example fails", "o.yaml", "www.acme.com", "acme.com.evil", ":3: match example 'acme.com.evil' does not match"},
    {"counter-example matches", "o.yaml", "notacme.com", "not.acme.com", ":3: no_match example 'not.acme.com' matches"},
    {"public suffix", "o.yaml", "suffix: acme.com", "suffix: co.uk", ":3: 'co.uk' is a public suffix"},
    {"hosting suffix", "o.yaml", "suffix: acme.com", "suffix: amazonaws.com",
     ":3: 'amazonaws.com' holds a hosting company's customers"},
    {"upper case", "o.yaml", "suffix: acme.com", "suffix: Acme.com", ":3: 'Acme.com' may hold a-z"},
    {"duplicate suffix", "o.yaml", "", kSecond, ":8: pattern 'acme.com' is taken at "},
    {"resolver that is no suffix", "o.yaml", "", kResolverByText, ":9: a resolver is named by 'suffix'"},
    {"resolver twice", "o.yaml", "", kResolverTwice, ":10: pattern 'acme.com' is taken at "},
    {"resolver's example", "o.yaml", "", kResolverExample, ":9: match example 'acme.com' does not match"},
    {"key twice", "o.yaml", "    category: other\n", "    category: other\n    category: ads\n",
     ":5: key 'category' is repeated"},
    {"bad country", "o.yaml", "country: US", "country: usa", ":1: country 'usa' must be two capitals"},
    {"reserved owner", "o.yaml", "id: acme", "id: transit", ":1: owner id 'transit' is reserved"},
    {"unknown maker", "d.yaml", "{maker: acme", "{maker: acne", ":4: unknown maker 'acne', did you mean 'acme'?"},
    {"bad regex", "d.yaml", "(\\d+)'", "(\\d+'", ":4: pattern 'Acme/(\\d+': "},
    {"look-around", "d.yaml", "(\\d+)'", "(?=x)(\\d+)'", "outside the syntax that Hyperscan and PCRE2 share"},
    {"back reference", "d.yaml", "(\\d+)'", "(\\d+)\\1'", "a back reference is outside the syntax"},
    {"matches all", "d.yaml", "'Acme/(\\d+)'", "'(A*)'", ":4: pattern '(A*)' matches everything"},
    {"group", "d.yaml", "model: $1", "model: $2", ":4: '$2' refers to a group that the pattern does not have"},
    {"weight", "d.yaml", "weight: 0.5}", "weight: 2}", ":7: 'weight' must be a number from 0.05 to 1"},
    {"prefix weighs too much", "d.yaml", "registrant_weight: 0.4", "registrant_weight: 0.9",
     ":2: 'registrant_weight' must be a number from 0 to 0.55"},
    {"unknown set", "d.yaml", "set: user_agent", "set: useragent",
     ":5: unknown set 'useragent', did you mean 'user_agent'?"},
    {"unknown class", "d.yaml", "weight: 0.5}", "class: phne, weight: 0.5}",
     ":7: unknown class 'phne', did you mean 'phone'?"},
    {"bad severity", "p.yaml", "severity: high", "severity: severe", ":5: unknown severity 'severe'"},
    {"unknown field", "p.yaml", "device.maker", "device.makr",
     ":6: unknown key 'device.makr', did you mean 'device.maker'?"},
    {"unknown owner in policy", "p.yaml", "[acme, internal]", "[acne]",
     ":2: unknown owner 'acne', did you mean 'acme'?"},
    {"unknown maker in policy", "p.yaml", "device.maker: acme", "device.maker: foo", ":2: unknown maker 'foo'"},
    {"anchor", "o.yaml", "id: acme", "id: &a acme", ":1: not valid here: an anchor is not allowed"},
    {"alias", "o.yaml", "name: Acme", "name: *a", ":1: "},
    {"tag", "o.yaml", "id: acme", "id: !!str acme", ":1: not valid here: a tag is not allowed"},
    {"depth", "o.yaml", "id: acme", "id: [[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]",
     ":1: not valid here: nested deeper than 16"},
    {"syntax", "o.yaml", "destinations:", "destinations", "o.yaml:"},
    {"second document", "p.yaml", "", "---\na: b\n", "a second document in one file is not allowed"},
    {"not a map", "p.yaml", "policies:\n", "- x\n#", "p.yaml:"},
    {"unknown format", "manifest.yaml", "format: 1", "format: 7", ":1: format '7' is not known"},
    {"outside", "manifest.yaml", "o.yaml,", "../o.yaml,", ":5: '../o.yaml' leaves the bundle's folder"},
    {"a weight above 1", "manifest.yaml", "maker_only: 0.6", "maker_only: 1.6", ":4: "},
    {"a MAC prefix that names a maker", "manifest.yaml", "registrant: 0.4", "registrant: 0.6", ":4: "},
    {"an unknown weight", "manifest.yaml", "maker_only: 0.6", "maker_onyl: 0.6", ":4: unknown key 'maker_onyl'"},
    {"no day", "manifest.yaml", "version: 1", "version: 1\nreleased: 2026-02-30", ":3: '2026-02-30' is not a day"},
    {"no date", "manifest.yaml", "version: 1", "version: 1\nreleased: 30.11.2026", ":3: '30.11.2026' is not a day"},
    {"missing file", "manifest.yaml", "o.yaml,", "none.yaml,", "none.yaml: no such file"},
};

TEST_F(LoadErrorTest, EveryMistakeNamesFileAndLine) {
    const std::map<std::string, std::string> sound = {
        {"o.yaml", kOwner}, {"d.yaml", kDevices}, {"p.yaml", kPolicy}, {"manifest.yaml", kManifest}};
    for (const Mistake& mistake : kMistakes) {
        SetUp();
        write(mistake.file, replaced(sound.at(mistake.file), mistake.from, mistake.to));
        const std::string text = error();
        EXPECT_NE(text.find(mistake.expected), std::string::npos) << mistake.description << "\n got: " << text;
        const std::string path = (dir_ / mistake.file).string();
        if (mistake.expected[0] == ':') {
            EXPECT_NE(text.find(path + mistake.expected), std::string::npos) << mistake.description << ": " << text;
        }
    }
}

TEST_F(LoadErrorTest, WhatHasNoWeightOfItsOwnNeedsTheManifests) {
    write("o.yaml", replaced(kOwner, "category: other", "category: other\n    maker_only: true"));
    write("d.yaml", "makers:\n  - {id: acme, name: Acme, registrants: [Acme Inc], sources: [s]}\n");
    const auto weighed = load_bundle(dir_);
    ASSERT_TRUE(weighed) << weighed.error().text;
    EXPECT_EQ(weighed->signatures[0].claim.weight, 0.6F);
    EXPECT_EQ(weighed->makers[0].registrant_weight, 0.4F);
    write("manifest.yaml", replaced(kManifest, "weights: {maker_only: 0.6, registrant: 0.4}\n", ""));
    EXPECT_NE(error().find("o.yaml:3: 'maker_only' has no weight"), std::string::npos) << error();
    EXPECT_NE(error().find("d.yaml:2: 'registrants' have no weight"), std::string::npos) << error();
}

TEST_F(LoadErrorTest, CollectsAllProblemsUpToACap) {
    std::string owner = kOwner;
    for (int i = 0; i < 80; ++i) owner += "  - {sufix: a.com}\n";
    write("o.yaml", owner);
    const std::string text = error();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 50);
    EXPECT_NE(text.find(" more problems"), std::string::npos);
}

TEST_F(LoadErrorTest, RefusesNulBytesLargeFilesAndAMissingFolder) {
    write("o.yaml", std::string(kOwner) + std::string(1, '\0'));
    EXPECT_NE(error().find("a NUL byte"), std::string::npos);
    write("o.yaml", std::string((8U << 20U) + 1, '#'));
    EXPECT_NE(error().find("larger than 8 MiB"), std::string::npos);
    std::filesystem::remove_all(dir_);
    EXPECT_NE(error().find("manifest.yaml: no such file"), std::string::npos);
}

TEST_F(LoadErrorTest, DigestFollowsContents) {
    const auto before = load_bundle(dir_);
    const auto again = load_bundle(dir_);
    write("p.yaml", std::string(kPolicy) + "# a comment\n");
    const auto after = load_bundle(dir_);
    ASSERT_TRUE(before && again && after);
    EXPECT_EQ(before->digest, again->digest);
    EXPECT_NE(before->digest, after->digest);
}

TEST_F(LoadErrorTest, SurvivesMutatedFiles) {
    std::mt19937 random(20261123);
    const std::string sound[] = {kOwner, kDevices, kPolicy};
    const char* const names[] = {"o.yaml", "d.yaml", "p.yaml"};
    const std::string pieces[] = {"[",  "{", ": ", "- ",   "\n", "&a ", "*a", "!x ", "'",
                                  "\"", "%", "\t", "\xff", "#",  "|",   ">",  "?",   ","};
    int refused = 0;
    for (int round = 0; round < 1000; ++round) {
        const std::size_t which = random() % 3;
        std::string text = sound[which];
        const std::size_t edits = 1 + random() % 8;
        for (std::size_t i = 0; i < edits; ++i) {
            const std::size_t at = random() % (text.size() + 1);
            switch (random() % 4) {
                case 0: text.insert(at, pieces[random() % std::size(pieces)]); break;
                case 1: text.erase(at, random() % 12); break;
                case 2: text.insert(at, 1, static_cast<char>(random() % 256)); break;
                default: text.insert(at, text.substr(random() % text.size(), random() % 60)); break;
            }
        }
        write(names[which], text);
        if (!error().empty()) ++refused;
        write(names[which], sound[which]);
    }
    EXPECT_GT(refused, 500);
    EXPECT_EQ(error(), "");
}

TEST_F(LoadErrorTest, SurvivesNestingBombs) {
    for (const char* piece : {"[", "{", "- ", "{a: ", "? "}) {
        std::string text;
        while (text.size() < 100'000) text += piece;
        write("p.yaml", text);
        EXPECT_NE(error(), "") << piece;
    }
}

}  // namespace
}  // namespace telltale::signatures
