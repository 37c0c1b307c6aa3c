// SPDX-License-Identifier: Apache-2.0
#include "signatures/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "signatures/pattern_match.h"

namespace telltale::signatures {
namespace {

constexpr const char* kShipped = TELLTALE_SOURCE_DIR "/signatures";

const Bundle& shipped() {
    static const auto bundle = load_bundle(kShipped);
    static const Bundle empty;
    EXPECT_TRUE(bundle) << bundle.error().text;
    return bundle ? *bundle : empty;
}

// The destination by the rule of the README: the longest suffix wins.
const Signature* destination(std::string_view name) {
    const Signature* best = nullptr;
    for (const Signature& signature : shipped().signatures) {
        if (signature.owner < 0 || signature.kind != PatternKind::suffix) continue;
        if (!matches_suffix(name, signature.pattern)) continue;
        if (best == nullptr || signature.pattern.size() > best->pattern.size()) best = &signature;
    }
    return best;
}

TEST(ShippedBundleTest, LoadsAndSaysHowLongItTook) {
    const auto begin = std::chrono::steady_clock::now();
    const auto bundle = load_bundle(kShipped);
    const auto end = std::chrono::steady_clock::now();
    ASSERT_TRUE(bundle) << bundle.error().text;
    std::cout << "bundle: " << bundle->signatures.size() << " signatures, " << bundle->owners.size() << " owners, "
              << bundle->makers.size() << " makers, " << bundle->policies.size() << " policies in "
              << std::chrono::duration<double, std::milli>(end - begin).count() << " ms\n";
    EXPECT_EQ(bundle->digest.size(), 64U);
    EXPECT_GE(bundle->released_s, 1'764'460'800) << "released on 2025-11-30 or later";
    EXPECT_EQ(bundle->released_s % 86'400, 0);
    EXPECT_EQ(bundle->digest, shipped().digest);
}

TEST(ShippedBundleTest, KnowsResolvers) {
    std::set<std::string> suffixes;
    for (const Signature& resolver : shipped().resolvers) {
        EXPECT_EQ(resolver.kind, PatternKind::suffix) << resolver.id;
        EXPECT_LT(resolver.owner, 0) << resolver.id;
        suffixes.insert(resolver.pattern);
    }
    EXPECT_GE(suffixes.size(), 25U);
    for (const char* name : {"dns.google", "cloudflare-dns.com", "dns.quad9.net"}) EXPECT_TRUE(suffixes.contains(name));
}

TEST(ShippedBundleTest, AttributesKnownNames) {
    struct Case {
        const char* name;
        const char* owner;  // "" for none
        Category category;
    };
    const Case cases[] = {
        {"api.account.xiaomi.com", "xiaomi", Category::account},
        {"www.xiaomi.com", "xiaomi", Category::other},
        {"tracking.intl.miui.com", "xiaomi", Category::telemetry},
        {"data.mistat.intl.xiaomi.com", "xiaomi", Category::telemetry},
        {"notmiui.com", "", Category::other},
        {"xiaomi.com.evil.example", "", Category::other},
        {"customer.s3.amazonaws.com", "", Category::other},
        {"d1234.cloudfront.net", "", Category::other},
        {"somebody.blob.core.windows.net", "", Category::other},
        {"lh3.googleusercontent.com", "", Category::other},
        {"obs.eu.myhuaweicloud.com", "", Category::other},
        {"captive.apple.com", "apple", Category::connectivity_check},
        {"dns.google", "google", Category::other},
        {"graph.facebook.com", "meta", Category::telemetry},
        {"scontent.cdninstagram.com", "meta", Category::content},
        {"metrics.data.hicloud.com", "huawei", Category::telemetry},
        {"settings-win.data.microsoft.com", "microsoft", Category::telemetry},
    };
    for (const Case& c : cases) {
        const Signature* const found = destination(c.name);
        const std::string owner = found ? shipped().owners[static_cast<std::size_t>(found->owner)].id : "";
        EXPECT_EQ(owner, c.owner) << c.name;
        if (found == nullptr) continue;
        EXPECT_EQ(to_string(found->category), to_string(c.category)) << c.name;
    }
}

TEST(ShippedBundleTest, ClaimsAreModestWhereTheEvidenceIs) {
    for (const Maker& maker : shipped().makers) EXPECT_LT(maker.registrant_weight, 0.6F) << maker.id;
    for (const Signature& signature : shipped().signatures) {
        EXPECT_TRUE(!signature.maker_only || signature.claim.weight <= 0.6F) << signature.id;
        EXPECT_TRUE(signature.id != "ua.miui" || signature.claim.weight <= 0.45F);
    }
}

TEST(ShippedBundleTest, HasThePolicyForAccountHostsInClear) {
    const auto& policies = shipped().policies;
    const auto found = std::find_if(policies.begin(), policies.end(),
                                    [](const Policy& policy) { return policy.id == "account-in-clear"; });
    ASSERT_NE(found, policies.end());
    EXPECT_EQ(found->severity, 3);
    ASSERT_EQ(found->when.size(), 2U);
}

// The collected facts mark names that only copyleft lists state; they are beside the repository, not in it.
TEST(ShippedBundleTest, ShipsNothingThatIsCopyleft) {
    const std::filesystem::path facts =
        std::filesystem::path(TELLTALE_SOURCE_DIR) / "../shared/facts/destinations.yaml";
    if (!std::filesystem::exists(facts)) GTEST_SKIP() << "the collected facts are not here";
    std::ifstream stream(facts);
    std::set<std::string> copyleft;
    std::set<std::string> free;
    std::string name;
    for (std::string line; std::getline(stream, line);) {
        const auto value_of = [&](std::string_view key) {
            const std::size_t at = line.find(key);
            return at == std::string::npos || at > 6 ? std::string() : line.substr(at + key.size());
        };
        if (const std::string suffix = value_of("- suffix: "); !suffix.empty()) name = suffix;
        if (const std::string pattern = value_of("- pattern: "); !pattern.empty()) name.clear();
        const std::string basis = value_of("licence_basis: ");
        if (!basis.empty() && !name.empty()) (basis == "copyleft" ? copyleft : free).insert(name);
    }
    ASSERT_GT(copyleft.size(), 100U);
    for (const Signature& signature : shipped().signatures) {
        EXPECT_FALSE(copyleft.contains(signature.pattern) && !free.contains(signature.pattern)) << signature.id;
        for (const std::string& source : signature.sources) EXPECT_NE(source.substr(0, 6), "hagezi") << signature.id;
    }
}

}  // namespace
}  // namespace telltale::signatures
