// SPDX-License-Identifier: Apache-2.0
// Files that are no captures, broken ones, and every file of the corpus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sensor/capture/capture_files.h"
#include "tests/support/capture_writer.h"
#include "tests/support/random.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

namespace fs = std::filesystem;
using support::CaptureOptions;
using testing::HasSubstr;

std::string small_capture(const CaptureOptions& options = {}, std::size_t frames = 20) {
    std::vector<support::TimedFrame> all;
    for (std::size_t i = 0; i < frames; ++i) {
        support::TimedFrame frame;
        frame.time_ns = 1'700'000'000'000'000'000 + i * 300'000'000;
        frame.bytes = support::Bytes(60 + i, static_cast<std::uint8_t>(i));
        frame.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
        all.push_back(frame);
    }
    return support::capture_bytes(all, options);
}

// The pcap header's fields as the little-endian writer leaves them.
void patch_u32(std::string& file, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) file[at + i] = static_cast<char>(value >> (8 * i));
}

TEST(BadFiles, AreRefusedWithTheReasonAndWhatToDo) {
    struct Case {
        std::string description;
        std::string content;
        std::string expected;
    };
    std::string bluetooth = small_capture();
    patch_u32(bluetooth, 20, 187);
    std::string unknown_link = small_capture();
    patch_u32(unknown_link, 20, 59999);
    const std::vector<Case> cases{
        {"empty", "", "is empty"},
        {"text", "frame,time\n1,0.5\n", "is a text file, not a capture"},
        {"gzip", "\x1f\x8b\x08" + std::string(40, '\0'), "is compressed with gzip; decompress it or pipe it in: zcat "},
        {"zstd", "\x28\xb5\x2f\xfd" + std::string(40, '\1'), "zstdcat"},
        {"snoop", std::string("snoop\0\0\0\0\0\0\2", 12), "is a Solaris snoop capture"},
        {"binary",
         std::string("\x7f"
                     "ELF\2\1\1\0",
                     8),
         "begins like neither pcap nor pcapng"},
        {"half a header", small_capture().substr(0, 10), "its header cannot be read"},
        {"pcapng without interface", std::string("\x0a\x0d\x0d\x0a", 4), "its header cannot be read"},
        {"Bluetooth", bluetooth,
         "link type BLUETOOTH_HCI_H4 (Bluetooth HCI UART transport layer) is not supported; supported are EN10MB"},
        {"unknown link type", unknown_link, "is not supported"},
    };
    const ScratchFolder folder;
    for (const Case& test : cases) {
        SCOPED_TRACE(test.description);
        const std::string path = folder.write("file", test.content);
        const std::string error = open_error({path});
        EXPECT_THAT(error, HasSubstr(test.expected));
        EXPECT_EQ(error.find(path), 0U) << error;
    }
}

TEST(BadFiles, PathsThatCannotBeOpened) {
    const ScratchFolder folder;
    EXPECT_THAT(open_error({folder.path() + "/none"}), HasSubstr("/none: no such file"));
    EXPECT_THAT(open_error({folder.path()}), HasSubstr("is a directory"));
    EXPECT_THAT(open_error({}), HasSubstr("no capture file given"));
    EXPECT_THAT(open_error({"-", "-"}), HasSubstr("more than once"));
}

TEST(BadFiles, AreFoundBeforeAnythingIsRead) {
    const ScratchFolder folder;
    const std::string good = folder.write("good", small_capture());
    EXPECT_THAT(open_error({good, folder.write("bad", "text")}), HasSubstr("bad: is a text file"));
}

TEST(BadFiles, CutFilesAreReadUpToTheBreak) {
    const ScratchFolder folder;
    support::Random random(1);
    for (const auto format : {CaptureOptions::Format::pcap, CaptureOptions::Format::pcapng}) {
        const std::string whole = small_capture({.format = format});
        std::size_t most = 0;
        for (std::size_t size = 24; size < whole.size(); size += 1 + random.below(9)) {
            auto files = CaptureFiles::open({folder.write("cut", whole.substr(0, size))}, {});
            if (!files) continue;  // cut within the header
            const std::size_t read = read_all(*files.value()).size();
            EXPECT_GE(read, most);
            most = read;
            const FileStatistics statistics = files.value()->statistics().at(0);
            if (!statistics.warnings.empty()) {
                EXPECT_THAT(
                    statistics.warnings[0],
                    testing::AnyOf(HasSubstr("cannot be read from frame " + std::to_string(read + 1) +
                                             " on (about byte " + std::to_string(size) + " of " + std::to_string(size)),
                                   HasSubstr("contains no frames")));
            }
        }
        EXPECT_EQ(most, 19U);
    }
}

TEST(BadFiles, AbsurdTimesAndLengthsBreakNothing) {
    const ScratchFolder folder;
    std::string file = small_capture();
    patch_u32(file, 24, 0xffffffff);        // seconds of the first frame
    patch_u32(file, 28, 0xffffffff);        // its microseconds
    patch_u32(file, 36, 0xffffffff);        // its length on the wire
    patch_u32(file, 24 + 16 + 60 + 12, 0);  // of the second: nothing on the wire
    const auto files = open_files({folder.write("c", file)});
    const auto read = read_all(*files);
    ASSERT_EQ(read.size(), 20U);
    EXPECT_EQ(read[0].time_ns / base::kSecondNs, 0xffffffff);
    EXPECT_EQ(read[0].wire_length, 0xffffffffU);
    EXPECT_EQ(read[1].wire_length, 61U);
    EXPECT_EQ(files->statistics().at(0).bad_timestamps, 1U);
    EXPECT_EQ(files->clock_rebased(), 1U);

    std::string long_frame = small_capture();
    patch_u32(long_frame, 32, 0x7fffffff);  // captured length of the first frame
    const auto broken = open_files({folder.write("c", long_frame)});
    EXPECT_TRUE(read_all(*broken).empty());
    EXPECT_THAT(broken->statistics().at(0).warnings.at(0), HasSubstr("cannot be read from frame 1 on"));
}

TEST(BadFiles, RandomFilesAreRefusedOrReadInPart) {
    const ScratchFolder folder;
    support::Random random(42);
    const std::vector<std::string> captures{small_capture(), small_capture({.format = CaptureOptions::Format::pcapng})};
    std::size_t refused = 0, silent = 0;
    for (int i = 0; i < 1000; ++i) {
        std::string content;
        if (i % 2 == 0) {
            const support::Bytes bytes = random.bytes(random.below(4096));
            content.assign(bytes.begin(), bytes.end());
            if (i % 4 == 0) content = captures[random.below(2)].substr(0, 4 + random.below(40)) + content;
        } else {
            content = captures[random.below(2)];
            for (std::uint64_t changes = random.between(1, 20); changes > 0; --changes)
                content[random.below(content.size())] = static_cast<char>(random.next());
            content.resize(random.below(content.size() + 1));
        }
        auto files = CaptureFiles::open({folder.write("random", content)}, {});
        if (!files) {
            ++refused;
            EXPECT_GT(files.error().text.size(), folder.path().size() + 10);
            continue;
        }
        const std::size_t frames = read_all(*files.value()).size();
        if (frames == 0 && files.value()->statistics().at(0).warnings.empty()) ++silent;
    }
    EXPECT_GT(refused, 250U);
    EXPECT_EQ(silent, 0U);
}

TEST(BadFiles, EveryFileOfTheCorpusOpensOrIsRefusedByName) {
    const char* named = std::getenv("TELLTALE_CORPUS");
    const fs::path corpus =
        named != nullptr ? fs::path(named) : fs::path(TELLTALE_SOURCE_DIR) / ".." / "shared" / "corpus";
    if (!fs::is_directory(corpus / "pcap")) GTEST_SKIP() << "no corpus at " << corpus;
    std::size_t opened = 0, with_warnings = 0, refused_links = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(corpus / "pcap")) {
        SCOPED_TRACE(entry.path());
        auto files = CaptureFiles::open({entry.path().string()}, {});
        if (!files) {
            const std::string& text = files.error().text;
            EXPECT_THAT(text,
                        testing::AnyOf(HasSubstr("is not supported; supported are"), HasSubstr("cannot be read")));
            refused_links += text.find("is not supported") != std::string::npos ? 1U : 0U;
            std::puts(text.c_str());
            continue;
        }
        ++opened;
        const std::size_t frames = read_all(*files.value()).size();
        const FileStatistics statistics = files.value()->statistics().at(0);
        EXPECT_EQ(frames, statistics.frames);
        EXPECT_TRUE(frames != 0 || !statistics.warnings.empty());
        with_warnings += statistics.warnings.empty() ? 0U : 1U;
        for (const std::string& warning : statistics.warnings) std::puts(warning.c_str());
    }
    std::printf("%zu opened (%zu with warnings), %zu link types refused\n", opened, with_warnings, refused_links);
    EXPECT_GT(opened, 500U);
}

}  // namespace
}  // namespace telltale::capture
