// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "signatures/load.h"
#include "tests/unit/match/bundles.h"
#include "tests/unit/match/corpus_texts.h"
#include "tests/unit/match/naive_matcher.h"

namespace telltale::match::testing {
namespace {

constexpr std::size_t kPatternSetCount = base::kCount<signatures::PatternSet>;
using signatures::PatternKind;
using signatures::PatternSet;
using signatures::SignatureId;

// A scanner and its oracle over the same signatures.
class Pair {
  public:
    Pair(std::shared_ptr<const CompiledSignatures> signatures, NaiveMatcher oracle)
        : scanner_(scanner_of(signatures)), oracle_(std::move(oracle)) {}

    const NaiveMatcher& oracle() const { return oracle_; }
    std::size_t matched() const { return matched_; }

    // Whether both find the same signatures in a text, and the scanner puts them in order.
    ::testing::AssertionResult agree(PatternSet set, const std::string& text) {
        std::array<SignatureId, Scanner::kMaxHits> ids;
        const std::size_t count = scanner_.scan(set, text, ids);
        const auto& all = scanner_.signatures().bundle().signatures;
        std::vector<std::string> keys;
        for (std::size_t i = 0; i < count; ++i) keys.push_back(naive_pattern_of(all[ids[i]]).key());
        for (std::size_t i = 1; i < count; ++i) {
            if (!in_order(all[ids[i - 1]], all[ids[i]])) {
                return ::testing::AssertionFailure() << '\'' << text << "': " << keys[i - 1] << " before " << keys[i];
            }
        }
        std::sort(keys.begin(), keys.end());
        const auto expected = oracle_.matches(std::string(to_string(set)), text);
        matched_ += count > 0 ? 1 : 0;
        if (keys == expected) return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure()
               << to_string(set) << " '" << text << "': scanner " << ::testing::PrintToString(keys) << ", oracle "
               << ::testing::PrintToString(expected);
    }

  private:
    static bool in_order(const signatures::Signature& first, const signatures::Signature& second) {
        if (first.set != PatternSet::host_name) return first.claim.weight >= second.claim.weight;
        if (first.kind == PatternKind::exact) return true;
        if (second.kind == PatternKind::exact) return false;
        const bool suffixes = first.kind == PatternKind::suffix && second.kind == PatternKind::suffix;
        return !suffixes || first.pattern.size() >= second.pattern.size();
    }

    Scanner scanner_;
    NaiveMatcher oracle_;
    std::size_t matched_ = 0;
};

Pair shipped() {
    const std::string folder = TELLTALE_SOURCE_DIR "/signatures";
    auto loaded = signatures::load_bundle(folder);
    if (!loaded) throw std::runtime_error(loaded.error().text);
    auto result = compile(std::make_shared<signatures::Bundle>(std::move(*loaded)), {});
    if (!result) throw std::runtime_error(result.error().text);
    return {*result, NaiveMatcher::from_yaml(folder)};
}

// A bundle with every form of pattern, whose names share labels so that suffixes nest and almost-matches abound.
Pair synthetic(std::mt19937& random) {
    constexpr const char* kLabels[] = {"a", "b", "ad", "api", "mi", "xiaomi", "log", "x-y", "t_1", "00"};
    constexpr const char* kTops[] = {"com", "net", "mi", "co.uk"};
    const auto label = [&] { return std::string(kLabels[random() % std::size(kLabels)]); };
    std::vector<Entry> entries = {
        host_regex("^api[0-9]+\\.(?:mi|xiaomi)\\.com$"),
        host_regex("\\.log\\."),
        host_regex("^[a-z]{2,3}\\.x-y\\."),
        agent_regex("MIUI/v?\\d+"),
        agent_regex("^Dalvik/[0-9.]+ \\(Linux; U; Android [0-9.]+; (?:Mi|Redmi)[^;)]*"),
        agent_regex("(?:iPhone|iPad); CPU"),
        {"cased", PatternSet::user_agent, PatternKind::regex, "Windows NT 1\\d\\.0", false},
        agent_regex("\\bcurl/[\\w.]+$"),
        agent_regex("Android(?: [\\d.]+)?;", 0.5F),
        agent_regex("[^ -~]"),
        {"dash", PatternSet::dhcp_vendor_class, PatternKind::regex, "^dhcpcd-[0-9.]+"},
        {"msft", PatternSet::dhcp_vendor_class, PatternKind::exact, "MSFT 5.0"},
        {"adhcp", PatternSet::dhcp_vendor_class, PatternKind::regex, "^android-dhcp-([0-9.]+)$"},
        {"fp", PatternSet::dhcp_fingerprint, PatternKind::regex, "^1,(?:3,6|121,3,6),15"},
        {"fpx", PatternSet::dhcp_fingerprint, PatternKind::exact, "1,3,6,15,26,28,51,58,59,43"},
        {"hn", PatternSet::dhcp_host_name, PatternKind::regex, "iphone|ipad|^android-[0-9a-f]{16}$"},
        {"lldp", PatternSet::lldp_model, PatternKind::regex, "^[A-Z]+-\\d+"},
        {"cdp", PatternSet::cdp_platform, PatternKind::regex, "^cisco ([\\w-]+)"},
        {"txt", PatternSet::mdns_txt, PatternKind::exact, "_cast._tcp md=A1"},
        {"ssdp", PatternSet::ssdp_server, PatternKind::regex, "Windows|Linux/\\d"},
        {"mqtt", PatternSet::mqtt_client_id, PatternKind::regex, "^Mozilla|_[0-9A-F]{6}$"},
    };
    for (int i = 0; i < 300; ++i) {
        std::string name = label() + '.' + kTops[random() % std::size(kTops)];
        for (auto more = random() % 3; more > 0; --more) name = label() + '.' + name;
        entries.push_back(random() % 4 == 0 ? host_exact(name) : host_suffix(name));
    }
    NaiveMatcher oracle;
    const auto bundle = bundle_of(entries);
    for (const auto& signature : bundle->signatures) oracle.add(naive_pattern_of(signature));
    return {compiled(entries), std::move(oracle)};
}

std::string mutated(std::string name, std::mt19937& random) {
    for (auto steps = 1 + random() % 3; steps > 0; --steps) {
        const std::size_t at = name.empty() ? 0 : random() % name.size();
        switch (random() % 12) {
            case 0: name.insert(0, "x."); break;
            case 1: name.insert(0, "x"); break;
            case 2: name.erase(at, 1); break;
            case 3: name.insert(at, 1, name.empty() ? 'a' : name[at]); break;
            case 4: name += '.'; break;
            case 5: name += ":8443"; break;
            case 6: name.insert(at, 1, '.'); break;
            case 7: std::replace(name.begin(), name.end(), '.', '-'); break;
            case 8:
                std::transform(name.begin(), name.end(), name.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
                break;
            case 9: name.insert(at, 1, static_cast<char>(random() & 0xff)); break;
            case 10: name.erase(0, at); break;
            default: name.resize(at); break;
        }
    }
    return name;
}

std::vector<std::string> host_names(const Pair& pair) {
    std::vector<std::string> names;
    for (const auto& one : pair.oracle().patterns()) {
        if (one.kind != "regex" && one.set == "host_name") names.push_back(one.pattern);
        names.insert(names.end(), one.match.begin(), one.match.end());
        names.insert(names.end(), one.no_match.begin(), one.no_match.end());
    }
    const auto& corpus = corpus_texts();
    if (const auto found = corpus.find("host_name"); found != corpus.end()) {
        names.insert(names.end(), found->second.begin(), found->second.end());
    }
    return names;
}

void expect_agreement_on_mutations(Pair& pair, std::mt19937& random) {
    const auto names = host_names(pair);
    ASSERT_FALSE(names.empty());
    for (int i = 0; i < 20'000; ++i) {
        const std::string name = mutated(names[random() % names.size()], random);
        ASSERT_TRUE(pair.agree(PatternSet::host_name, name));
    }
    EXPECT_GT(pair.matched(), 1000U);  // else the names are no test of anything
}

void expect_agreement_on_corpus(Pair& pair) {
    const auto& texts = corpus_texts();
    for (std::size_t i = 0; i < kPatternSetCount; ++i) {
        const auto set = static_cast<PatternSet>(i);
        auto found = texts.find(std::string(to_string(set)));
        if (found == texts.end()) found = texts.find("user_agent");  // what the truth has no texts of its own for
        ASSERT_NE(found, texts.end());
        for (const auto& text : found->second) ASSERT_TRUE(pair.agree(set, text));
    }
}

TEST(OracleTest, ShippedExamplesMatchAsTheirSignaturesSay) {
    auto pair = shipped();
    ASSERT_FALSE(pair.oracle().patterns().empty());
    for (const auto& one : pair.oracle().patterns()) {
        const auto holds = [&](const std::string& text) {
            const auto keys = pair.oracle().matches(one.set, text);
            return std::find(keys.begin(), keys.end(), one.key()) != keys.end();
        };
        EXPECT_FALSE(one.match.empty()) << one.where;
        for (const auto& text : one.match) EXPECT_TRUE(holds(text)) << one.where << ": " << text;
        for (const auto& text : one.no_match) EXPECT_FALSE(holds(text)) << one.where << ": " << text;
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            for (const auto& text : one.match) EXPECT_TRUE(pair.agree(static_cast<PatternSet>(set), text));
            for (const auto& text : one.no_match) EXPECT_TRUE(pair.agree(static_cast<PatternSet>(set), text));
        }
    }
}

TEST(OracleTest, TheShippedBundleHasWhatTheFilesHave) {
    const auto oracle = NaiveMatcher::from_yaml(TELLTALE_SOURCE_DIR "/signatures");
    const auto bundle = signatures::load_bundle(TELLTALE_SOURCE_DIR "/signatures");
    ASSERT_TRUE(bundle) << bundle.error().text;
    std::vector<std::string> loaded, read;
    for (const auto& signature : bundle->signatures) loaded.push_back(naive_pattern_of(signature).key());
    for (const auto& one : oracle.patterns()) read.push_back(one.key());
    std::sort(loaded.begin(), loaded.end());
    std::sort(read.begin(), read.end());
    EXPECT_EQ(loaded, read);
}

TEST(OracleTest, AgreesOnMutatedNamesWithTheShippedBundle) {
    auto pair = shipped();
    std::mt19937 random(2);
    expect_agreement_on_mutations(pair, random);
}

TEST(OracleTest, AgreesOnMutatedNamesWithASyntheticBundle) {
    std::mt19937 random(3);
    auto pair = synthetic(random);
    expect_agreement_on_mutations(pair, random);
}

TEST(OracleTest, AgreesOnTheCorpusWithTheShippedBundle) {
    if (corpus_folder().empty()) GTEST_SKIP() << "no corpus";
    auto pair = shipped();
    expect_agreement_on_corpus(pair);
}

TEST(OracleTest, AgreesOnTheCorpusWithASyntheticBundle) {
    if (corpus_folder().empty()) GTEST_SKIP() << "no corpus";
    std::mt19937 random(4);
    auto pair = synthetic(random);
    expect_agreement_on_corpus(pair);
}

}  // namespace
}  // namespace telltale::match::testing
