// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "sensor/match/database_cache.h"
#include "tests/unit/match/bundles.h"

namespace telltale::match::testing {
namespace {

using signatures::PatternKind;
using signatures::PatternSet;
namespace fs = std::filesystem;

std::string compile_error(const std::vector<Entry>& entries) {
    const auto result = compile(bundle_of(entries), {});
    return result ? "compiled" : result.error().text;
}

TEST(CompileTest, ErrorsNameTheSignatureAndItsPlace) {
    struct Case {
        const char* description;
        Entry entry;
        std::string expected;
    };
    const Case cases[] = {
        {"broken syntax", agent_regex("a(b"), "devices/test.yaml:2: signature a(b: Missing close parenthesis"},
        {"look-around", agent_regex("(?=a)b"), "devices/test.yaml:2: signature (?=a)b: "},
        {"matches the empty text", agent_regex("x*"),
         "devices/test.yaml:2: signature x*: Pattern matches empty buffer"},
        {"empty", agent_regex(""), "devices/test.yaml:2: signature : the pattern is empty"},
        {"empty suffix", host_suffix(""), "devices/test.yaml:2: signature : the pattern is empty"},
        {"too long", host_suffix(std::string(8193, 'a')), ": the pattern is longer than 8192 bytes"},
        {"zero byte", agent_regex(std::string("a\0b", 3)), "a zero byte is written \\x00"},
        {"suffix elsewhere",
         {"s", PatternSet::user_agent, PatternKind::suffix, "a"},
         "devices/test.yaml:2: signature s: a suffix is for host names only"},
    };
    for (const auto& one : cases) {
        const auto text = compile_error({host_suffix("xiaomi.com"), one.entry});
        EXPECT_NE(text.find(one.expected), std::string::npos) << one.description << ": " << text;
    }
}

TEST(CompileTest, ErrorsNameTheSignatureAlsoWithoutTheFillTest) {
    CompileOptions options;
    options.hostile_fill_test = false;
    const auto result = compile(bundle_of({agent_regex("fine"), agent_regex("a(b")}), options);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text.find("devices/test.yaml:2: signature a(b: Missing"), 0U) << result.error().text;
}

TEST(CompileTest, PatternsThatCanBeMadeSlowAreRefused) {
    const char* const patterns[] = {"\\*{5}[a-zA-Z01234]", "MB\\x00{8}"};
    for (const std::string pattern : patterns) {
        const auto text = compile_error({agent_regex("fine"), agent_regex(pattern)});
        const auto expected = "devices/test.yaml:2: signature " + pattern + ": the pattern can be made slow: ";
        EXPECT_EQ(text.find(expected), 0U) << text;
    }
    CompileOptions unchecked;
    unchecked.hostile_fill_test = false;
    EXPECT_TRUE(compile(bundle_of({agent_regex(patterns[0])}), unchecked));
}

TEST(CompileTest, OrdinaryPatternsPassTheFillTest) {
    EXPECT_EQ(
        compile_error({
            agent_regex(
                "^Mozilla/5\\.0 \\(Linux; U; Android ([0-9.]+); [a-z-]+; (Mi|Redmi) ([^;)]+) Build/.*MiuiBrowser"),
            agent_regex("SM-[A-Z][0-9]{3}[A-Z0-9]*"),
            agent_regex("(iPhone|iPad|iPod).*OS ([0-9_]+)"),
            agent_regex("Dalvik/.*; (?:MI|Redmi|POCO)[ A-Za-z0-9]+ Build/.*MIUI/V[0-9.]+"),
            agent_regex("[a-z]+[0-9]+[a-z]+"),
            agent_regex("(?:a|b|c).{1,40}x"),
            {"fp", PatternSet::dhcp_fingerprint, PatternKind::regex, "^1,121,3,6,15,119,252(?:,95,44,46)?$"},
            host_regex("^[a-z]{2,12}[0-9]*\\.log\\.example\\.com$"),
        }),
        "compiled");
}

TEST(CompileTest, ProgressCountsUpToItsTotal) {
    std::vector<std::pair<std::size_t, std::size_t>> steps;
    std::vector<std::string> names;
    CompileOptions options;
    options.before_step = [&](std::size_t done, std::size_t total, std::string_view what) {
        steps.emplace_back(done, total);
        names.emplace_back(what);
    };
    compiled({host_suffix("a.com"), agent_regex("ab"), agent_regex("cd")}, options);
    using Steps = std::vector<std::pair<std::size_t, std::size_t>>;
    EXPECT_EQ(steps, (Steps{{0, 4}, {1, 4}, {2, 4}, {3, 4}, {4, 4}}));
    EXPECT_EQ(names, (std::vector<std::string>{"testing ab", "testing cd", "compiling 1 patterns of host_name",
                                               "compiling 2 patterns of user_agent", "ready"}));
}

// The cache, in a folder of the test's own.
class CacheTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "telltale-match-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        options_.cache_dir = folder_ / "cache";
    }
    void TearDown() override { fs::remove_all(folder_); }

    const CompileReport& compile_again() {
        last_ = compiled(entries_, options_);
        auto scanner = scanner_of(last_);
        EXPECT_EQ(matches(scanner, PatternSet::host_name, "t.a.com"), std::vector<std::string>{"a.com"});
        EXPECT_EQ(matches(scanner, PatternSet::user_agent, "an agent"), std::vector<std::string>{"agent"});
        return last_->report();
    }

    fs::path file() const {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(options_.cache_dir)) files.push_back(entry.path());
        EXPECT_EQ(files.size(), 1U);
        return files.empty() ? fs::path() : files.front();
    }

    std::string content() const {
        std::ifstream in(file(), std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        return bytes.str();
    }
    void write(const std::string& bytes) const { std::ofstream(file(), std::ios::binary | std::ios::trunc) << bytes; }

    fs::path folder_;
    CompileOptions options_;
    std::vector<Entry> entries_ = {host_suffix("a.com"), agent_regex("agent")};
    std::shared_ptr<const CompiledSignatures> last_;
};

TEST_F(CacheTest, IsOffWithoutAFolder) {
    options_.cache_dir.clear();
    EXPECT_EQ(compile_again().cache, CacheOutcome::off);
    EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(CacheTest, TheSecondCompilationIsAHit) {
    EXPECT_EQ(compile_again().cache, CacheOutcome::missing);
    EXPECT_EQ(last_->report().note, "");
    EXPECT_GT(last_->report().compile_ms, 0);
    EXPECT_GT(last_->report().hostile_fill_ms, 0);
    const auto bytes = last_->report().database_bytes;
    EXPECT_EQ(compile_again().cache, CacheOutcome::hit);
    EXPECT_EQ(last_->report().note, "");
    EXPECT_EQ(last_->report().compile_ms, 0);
    EXPECT_EQ(last_->report().hostile_fill_ms, 0);
    const auto& patterns = last_->report().patterns;
    EXPECT_EQ(patterns[base::index_of(PatternSet::host_name)], 1U);
    EXPECT_EQ(patterns[base::index_of(PatternSet::user_agent)], 1U);
    EXPECT_EQ(std::accumulate(patterns.begin(), patterns.end(), std::size_t{0}), 2U) << "and none in any other set";
    EXPECT_EQ(last_->report().database_bytes, bytes);
}

TEST_F(CacheTest, FilesAndFolderAreForTheirOwnerOnly) {
    compile_again();
    struct stat status {};
    ASSERT_EQ(::stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    ASSERT_EQ(::stat(options_.cache_dir.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST_F(CacheTest, DamagedFilesAreTracedAndReplaced) {
    compile_again();
    const std::string good = content();
    struct Case {
        const char* description;
        CacheOutcome expected;
        std::string bytes;
    };
    const auto flipped = [&good](std::size_t at) {
        std::string bytes = good;
        bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
        return bytes;
    };
    const Case cases[] = {
        {"empty", CacheOutcome::damaged, ""},
        {"shorter than a header", CacheOutcome::damaged, good.substr(0, 50)},
        {"a header alone", CacheOutcome::damaged, good.substr(0, DatabaseCache::kHeaderBytes)},
        {"cut by one", CacheOutcome::damaged, good.substr(0, good.size() - 1)},
        {"one byte more", CacheOutcome::damaged, good + "x"},
        {"another kind of file", CacheOutcome::foreign, flipped(0)},
        {"another format number", CacheOutcome::stale, flipped(8)},
        {"another number of sections", CacheOutcome::stale, flipped(12)},
        {"another key", CacheOutcome::stale, flipped(20)},
        {"a wrong length", CacheOutcome::damaged, flipped(48)},
        {"a wrong digest", CacheOutcome::damaged, flipped(60)},
        {"a flipped bit in the first database", CacheOutcome::damaged, flipped(DatabaseCache::kHeaderBytes + 40)},
        {"a flipped bit at the end", CacheOutcome::damaged, flipped(good.size() - 1)},
    };
    for (const auto& one : cases) {
        write(one.bytes);
        EXPECT_EQ(compile_again().cache, one.expected) << one.description << ": " << last_->report().note;
        EXPECT_NE(last_->report().note.find(file().string()), std::string::npos) << last_->report().note;
        EXPECT_EQ(content().size(), good.size()) << one.description;
        EXPECT_EQ(compile_again().cache, CacheOutcome::hit) << one.description;
    }
}

TEST_F(CacheTest, ContentThatHyperscanRefusesIsDamaged) {
    compile_again();
    std::string bytes = content();
    bytes.at(DatabaseCache::kHeaderBytes + 8) = 'X';  // the first database's own magic
    const auto digest = sha256_of(std::string_view(bytes).substr(DatabaseCache::kHeaderBytes));
    bytes.replace(56, digest.size(), reinterpret_cast<const char*>(digest.data()), digest.size());
    write(bytes);
    EXPECT_EQ(compile_again().cache, CacheOutcome::damaged);
    EXPECT_NE(last_->report().note.find("Hyperscan refuses"), std::string::npos) << last_->report().note;
    EXPECT_EQ(compile_again().cache, CacheOutcome::hit);
}

TEST_F(CacheTest, OtherPatternsUnderTheSameDigestAreStale) {
    compile_again();
    entries_.push_back(agent_regex("another"));
    EXPECT_EQ(compile_again().cache, CacheOutcome::stale);
    EXPECT_EQ(compile_again().cache, CacheOutcome::hit);
}

TEST_F(CacheTest, FilesThatOthersMayWriteToAreForeign) {
    compile_again();
    fs::permissions(file(), fs::perms::group_write, fs::perm_options::add);
    EXPECT_EQ(compile_again().cache, CacheOutcome::foreign);
    EXPECT_EQ(compile_again().cache, CacheOutcome::hit);
}

TEST_F(CacheTest, LinksAndOtherThingsAreForeign) {
    compile_again();
    const auto name = file();
    fs::rename(name, folder_ / "elsewhere");
    fs::create_symlink(folder_ / "elsewhere", name);
    EXPECT_EQ(compile_again().cache, CacheOutcome::foreign);
    EXPECT_FALSE(fs::is_symlink(name));
    fs::remove(name);
    ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
    EXPECT_EQ(compile_again().cache, CacheOutcome::foreign);
    fs::remove(name);
    fs::create_directory(name);
    EXPECT_EQ(compile_again().cache, CacheOutcome::foreign);
    EXPECT_NE(last_->report().note.find("cannot be written"), std::string::npos) << last_->report().note;
    fs::remove(name);
}

TEST_F(CacheTest, AFolderThatCannotBeMadeIsToldAndNothingElse) {
    options_.cache_dir = folder_ / "missing" / "cache";
    EXPECT_EQ(compile_again().cache, CacheOutcome::missing);
    EXPECT_NE(last_->report().note.find("cannot be made"), std::string::npos) << last_->report().note;
}

TEST_F(CacheTest, OldFilesAreRemovedAndOthersLeftAlone) {
    compile_again();
    std::ofstream(options_.cache_dir / "notes.txt") << "mine";
    const auto now = fs::file_time_type::clock::now();
    for (int i = 0; i < 20; ++i) {
        const auto old = options_.cache_dir / ("patterns-" + std::to_string(i) + ".ttldb");
        std::ofstream(old) << i;
        fs::last_write_time(old, now - std::chrono::hours(1 + i));
    }
    entries_.push_back(agent_regex("another"));
    compile_again();
    std::size_t left = 0;
    for (const auto& entry : fs::directory_iterator(options_.cache_dir)) left += entry.path().extension() == ".ttldb";
    EXPECT_EQ(left, DatabaseCache::kMaxFiles);
    EXPECT_TRUE(fs::exists(options_.cache_dir / "patterns-0.ttldb"));
    EXPECT_FALSE(fs::exists(options_.cache_dir / "patterns-19.ttldb"));
    EXPECT_TRUE(fs::exists(options_.cache_dir / "notes.txt"));
    EXPECT_EQ(compile_again().cache, CacheOutcome::hit);
}

}  // namespace
}  // namespace telltale::match::testing
