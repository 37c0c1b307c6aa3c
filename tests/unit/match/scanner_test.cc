// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/scanner.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/match/bundles.h"

namespace telltale::match::testing {
namespace {

using signatures::PatternKind;
using signatures::PatternSet;
using Names = std::vector<std::string>;

const std::vector<Entry> kHosts = {
    host_suffix("xiaomi.com"),
    host_suffix("ad.xiaomi.com"),
    host_exact("mi.com"),
    host_suffix("io.mi.com"),
    host_suffix("MIUI.com"),
    host_exact("sdkconfig.ad.xiaomi.com"),
    host_regex("^api[0-9]+\\.xiaomi\\.com$"),
    host_suffix("a-b_c.example"),
};

struct HostCase {
    const char* description;
    std::string text;
    Names expected;
};

TEST(ScannerTest, HostNames) {
    const HostCase cases[] = {
        {"the name itself", "xiaomi.com", {"xiaomi.com"}},
        {"a name below", "app.chat.xiaomi.com", {"xiaomi.com"}},
        {"a label that only ends like it", "notxiaomi.com", {}},
        {"a name above", "com", {}},
        {"the name in the middle", "xiaomi.com.example.org", {}},
        {"a dot is a dot", "ad-xiaomi.com", {}},
        {"the dot of the pattern is a dot", "xiaomiXcom", {}},
        {"the longest suffix first", "t.ad.xiaomi.com", {"ad.xiaomi.com", "xiaomi.com"}},
        {"exact before suffix", "sdkconfig.ad.xiaomi.com", {"sdkconfig.ad.xiaomi.com", "ad.xiaomi.com", "xiaomi.com"}},
        {"exact is exact", "www.mi.com", {}},
        {"exact", "mi.com", {"mi.com"}},
        {"a regex ranks by its literal text", "api7.xiaomi.com", {"^api[0-9]+\\.xiaomi\\.com$", "xiaomi.com"}},
        {"a regex that does not match", "api.xiaomi.com", {"xiaomi.com"}},
        {"upper case in the text", "API.XiaoMi.COM", {"xiaomi.com"}},
        {"upper case in the pattern", "update.miui.com", {"MIUI.com"}},
        {"a final dot", "app.xiaomi.com.", {"xiaomi.com"}},
        {"two final dots", "app.xiaomi.com..", {}},
        {"a port", "app.xiaomi.com:8080", {"xiaomi.com"}},
        {"an empty port", "app.xiaomi.com:", {"xiaomi.com"}},
        {"a final dot and a port", "app.xiaomi.com.:443", {"xiaomi.com"}},
        {"no port after the colon", "app.xiaomi.com:x", {}},
        {"a name after the colon", "example.org:xiaomi.com", {}},
        {"an address in brackets", "[2001:db8::1]:443", {}},
        {"an IPv6 address", "2001:db8::1", {}},
        {"an IPv4 address", "192.0.2.1", {}},
        {"dash and underscore", "x.a-b_c.example", {"a-b_c.example"}},
        {"a final newline is not the end", "xiaomi.com\n", {}},
        {"a zero byte", std::string("xiaomi.com\0", 11), {}},
        {"empty", "", {}},
        {"253 bytes", std::string(242, 'a') + ".xiaomi.com", {"xiaomi.com"}},
        {"253 bytes, final dot and port", std::string(242, 'a') + ".xiaomi.com.:65535", {"xiaomi.com"}},
        {"254 bytes are no host name", std::string(243, 'a') + ".xiaomi.com", {}},
        {"very long", std::string(100'000, 'a') + ".xiaomi.com", {}},
    };
    auto scanner = scanner_of(compiled(kHosts));
    for (const auto& one : cases) {
        EXPECT_EQ(matches(scanner, PatternSet::host_name, one.text), one.expected) << one.description;
    }
    EXPECT_EQ(scanner.counters().scans, std::size(cases));
    EXPECT_EQ(scanner.counters().not_host_names, 6U);
    EXPECT_EQ(scanner.counters().cut, 0U);
    EXPECT_EQ(scanner.counters().errors, 0U);
}

TEST(ScannerTest, EachSetMatchesItsOwnTextsOnly) {
    auto scanner = scanner_of(compiled({
        {"host", PatternSet::host_name, PatternKind::exact, "android"},
        {"agent", PatternSet::user_agent, PatternKind::regex, "android"},
        {"vendor", PatternSet::dhcp_vendor_class, PatternKind::exact, "android"},
        {"name", PatternSet::dhcp_host_name, PatternKind::regex, "^android$"},
    }));
    const std::pair<PatternSet, Names> cases[] = {
        {PatternSet::host_name, {"host"}},           {PatternSet::user_agent, {"agent"}},
        {PatternSet::dhcp_vendor_class, {"vendor"}}, {PatternSet::dhcp_fingerprint, {}},
        {PatternSet::dhcp_host_name, {"name"}},
    };
    for (const auto& [set, expected] : cases) EXPECT_EQ(matches(scanner, set, "android"), expected) << to_string(set);
}

TEST(ScannerTest, CaseIsIgnoredWhereTheSignatureSaysSo) {
    auto scanner = scanner_of(compiled({
        {"any", PatternSet::user_agent, PatternKind::regex, "miuibrowser/[0-9]", true},
        {"as-written", PatternSet::user_agent, PatternKind::regex, "MiuiBrowser/[0-9]", false},
        {"whole-any", PatternSet::user_agent, PatternKind::exact, "MIUIBROWSER/1", true},
        {"whole-as-written", PatternSet::user_agent, PatternKind::exact, "MIUIBROWSER/1", false},
    }));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, "MiuiBrowser/1"), (Names{"any", "as-written", "whole-any"}));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, "MIUIBROWSER/1"),
              (Names{"any", "whole-any", "whole-as-written"}));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, "x MIUIBROWSER/1"), (Names{"any"}));
}

TEST(ScannerTest, ExactTextIsTakenByteForByte) {
    const std::string odd("a.b*c\\d(\x01\xff\n$\0 ", 14);
    auto scanner = scanner_of(compiled({
        {"odd", PatternSet::dhcp_vendor_class, PatternKind::exact, odd},
        {"fingerprint", PatternSet::dhcp_fingerprint, PatternKind::exact, "1,3,6,15"},
    }));
    EXPECT_EQ(matches(scanner, PatternSet::dhcp_vendor_class, odd), Names{"odd"});
    EXPECT_EQ(matches(scanner, PatternSet::dhcp_vendor_class, odd.substr(0, 13)), Names{});
    EXPECT_EQ(matches(scanner, PatternSet::dhcp_fingerprint, "1,3,6,15"), Names{"fingerprint"});
    EXPECT_EQ(matches(scanner, PatternSet::dhcp_fingerprint, "1,3,6,150"), Names{});
    EXPECT_EQ(matches(scanner, PatternSet::dhcp_fingerprint, "11,3,6,15"), Names{});
}

TEST(ScannerTest, FingerprintsAreOrderedByWeightThenBundle) {
    auto scanner = scanner_of(compiled({agent_regex("Android", 0.2F), agent_regex("SM-G", 0.9F),
                                        agent_regex("G9", 0.2F), agent_regex("Build", 0.5F)}));
    const std::string text = "Android; SM-G900 Build";
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, text), (Names{"SM-G", "Build", "Android", "G9"}));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, text, 2), (Names{"SM-G", "Build"}));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, text, 0), Names{});
    EXPECT_EQ(scanner.counters().hits, 12U);
}

TEST(ScannerTest, EachSignatureIsReportedOnce) {
    auto scanner = scanner_of(compiled({agent_regex("a")}));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, std::string(1000, 'a')), Names{"a"});
    EXPECT_EQ(scanner.counters().hits, 1U);
}

TEST(ScannerTest, LongTextsAreCutAndCounted) {
    auto scanner = scanner_of(compiled({agent_regex("needle")}));
    const std::string hay(Scanner::kMaxTextBytes - 6, 'x');
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, hay + "needle"), Names{"needle"});
    EXPECT_EQ(scanner.counters().cut, 0U);
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, hay + "xneedle"), Names{});
    EXPECT_EQ(scanner.counters().cut, 1U);
    EXPECT_EQ(scanner.counters().bytes, 2 * Scanner::kMaxTextBytes);
}

TEST(ScannerTest, HitsAreCappedAndCounted) {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < Scanner::kMaxHits + 10; ++i) {
        entries.push_back({"e" + std::to_string(i), PatternSet::user_agent, PatternKind::regex,
                           "x{" + std::to_string(i % 20 + 1) + "}y" + (i % 3 == 0 ? "+" : ""), true, 0});
    }
    CompileOptions options;
    options.hostile_fill_test = false;
    auto scanner = scanner_of(compiled(entries, options));
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, std::string(100, 'x') + "y", 1000).size(), Scanner::kMaxHits);
    EXPECT_EQ(scanner.counters().capped, 1U);
    EXPECT_EQ(scanner.counters().errors, 0U);
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, "no", 1000), Names{});
    EXPECT_EQ(scanner.counters().capped, 1U);
}

// A remembered text must be answered as a scan does it: whatever room there is, for this set alone, and for the whole
// text.
TEST(ScannerTest, RememberedTextsMatchAlike) {
    auto scanner = scanner_of(compiled({
        {"host", PatternSet::host_name, PatternKind::exact, "android"},
        {"suffix", PatternSet::host_name, PatternKind::suffix, "android"},
        {"agent", PatternSet::user_agent, PatternKind::regex, "android"},
    }));
    const Names both{"host", "suffix"};
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "android", 1), Names{"host"});
    EXPECT_EQ(scanner.counters().repeats, 0U);
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "Android."), both);
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "android", 0), Names{});
    EXPECT_EQ(scanner.counters().repeats, 1U);  // a text that is written otherwise is another text
    EXPECT_EQ(scanner.counters().hits, 6U);
    EXPECT_EQ(matches(scanner, PatternSet::user_agent, "android"), Names{"agent"});
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "android"), both);
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "x.android"), Names{"suffix"});
    EXPECT_EQ(scanner.counters().repeats, 1U);

    // More texts than it remembers, of lengths on both sides of the longest.
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < 6000; ++i) {
            std::string text = std::to_string(i) + std::string(ScanMemo::kMaxTextBytes - 15 + i % 8, 'x');
            EXPECT_EQ(matches(scanner, PatternSet::user_agent, text + "android"), Names{"agent"});
            EXPECT_EQ(matches(scanner, PatternSet::user_agent, text + "androit"), Names{});
        }
    }
    EXPECT_LT(scanner.counters().repeats, 12000U);
}

TEST(ScannerTest, MuchThatMatchesIsNotRemembered) {
    std::vector<Entry> entries;
    Names all;
    for (std::size_t i = 0; i <= ScanMemo::kMaxSignatures; ++i) {
        entries.push_back(agent_regex("a{" + std::to_string(i + 1) + "}"));
        all.push_back(entries.back().id);
    }
    auto scanner = scanner_of(compiled(entries));
    for (int round = 0; round < 2; ++round) EXPECT_EQ(matches(scanner, PatternSet::user_agent, "aaaaaa", 9), all);
    EXPECT_EQ(scanner.counters().repeats, 0U);
}

TEST(ScannerTest, AnEmptyBundleMatchesNothing) {
    auto scanner = scanner_of(compiled({}));
    EXPECT_EQ(matches(scanner, PatternSet::host_name, "xiaomi.com"), Names{});
    EXPECT_EQ(scanner.counters().scans, 1U);
}

TEST(ScannerTest, ThreadsShareOneSetOfSignatures) {
    auto signatures = compiled(kHosts);
    std::vector<std::size_t> found(2);
    {
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < found.size(); ++t) {
            threads.emplace_back([&found, t, scanner = scanner_of(signatures)]() mutable {
                for (int i = 0; i < 5000; ++i) {
                    const std::string name = "h" + std::to_string(i) + (t == 0 ? ".ad.xiaomi.com" : ".io.mi.com");
                    found[t] += matches(scanner, PatternSet::host_name, name).size();
                }
            });
        }
        signatures.reset();  // the scanners keep them
        for (auto& thread : threads) thread.join();
    }
    EXPECT_EQ(found, (std::vector<std::size_t>{10'000, 5'000}));
}

// Pages of which the last cannot be read.
class Brink {
  public:
    Brink() : bytes_(16 * static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        void* const start = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (start == MAP_FAILED) throw std::bad_alloc();
        start_ = static_cast<char*>(start);
        end_ = start_ + bytes_ - page;
        EXPECT_EQ(mprotect(end_, page, PROT_NONE), 0);
    }
    ~Brink() { munmap(start_, bytes_); }
    Brink(const Brink&) = delete;
    Brink& operator=(const Brink&) = delete;

    // A copy that ends where memory does.
    std::string_view place(std::string_view text) const {
        std::memcpy(end_ - text.size(), text.data(), text.size());
        return {end_ - text.size(), text.size()};
    }

  private:
    std::size_t bytes_;
    char* start_ = nullptr;
    char* end_ = nullptr;
};

// Patterns that Hyperscan looks for with the code that reads too far on some processors (VectorCamp/vectorscan#322).
TEST(ScannerTest, ReadsNothingBehindATextThatEndsWhereMemoryDoes) {
    std::vector<Entry> entries;
    for (const char* word : {"bat", "cat", "mat", "rat", "fat", "sat", "pat", "hat", "vat"}) {
        entries.push_back(agent_regex(word));
    }
    auto scanner = scanner_of(compiled(entries));
    const Brink brink;
    const std::string words = "VAt hat pat sat fat rat mat ca";
    for (std::size_t size = 1; size <= 300; ++size) {
        std::string text;
        while (text.size() < size) text += words;
        text.resize(size);
        EXPECT_EQ(matches(scanner, PatternSet::user_agent, brink.place(text)).size(),
                  matches(scanner, PatternSet::user_agent, text).size())
            << size;
    }
}

}  // namespace
}  // namespace telltale::match::testing
