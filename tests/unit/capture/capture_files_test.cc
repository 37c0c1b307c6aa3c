// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/capture_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/capture_writer.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

using support::CaptureOptions;
using support::TimedFrame;
using testing::HasSubstr;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;

TimedFrame frame_at(std::uint64_t time_ns, const std::string& content = "frame", std::uint32_t wire_length = 0) {
    TimedFrame frame;
    frame.time_ns = time_ns;
    frame.bytes = support::to_bytes(content);
    frame.wire_length = wire_length == 0 ? static_cast<std::uint32_t>(content.size()) : wire_length;
    return frame;
}

// Frames in the order given, which capture_bytes() would sort.
std::string unsorted_capture(const std::vector<TimedFrame>& frames, const CaptureOptions& options = {}) {
    std::ostringstream out;
    support::CaptureWriter writer(out, options);
    for (const TimedFrame& frame : frames) writer.write(frame);
    return out.str();
}

std::vector<std::string> contents(const std::vector<ReadFrame>& frames) {
    std::vector<std::string> all;
    for (const ReadFrame& frame : frames) all.push_back(frame.bytes);
    return all;
}

TEST(CaptureFiles, ReadsBothFormatsByteOrdersAndResolutions) {
    const ScratchFolder folder;
    const std::uint64_t time_ns = kStart + 123'456'789;
    for (const auto format : {CaptureOptions::Format::pcap, CaptureOptions::Format::pcapng}) {
        for (const bool nanoseconds : {false, true}) {
            for (const bool big_endian : {false, true}) {
                const CaptureOptions options{.format = format, .nanoseconds = nanoseconds, .big_endian = big_endian};
                SCOPED_TRACE(testing::Message() << static_cast<int>(format) << nanoseconds << big_endian);
                const auto files = open_files({folder.write("c", unsorted_capture({frame_at(time_ns)}, options))});
                const auto frames = read_all(*files);
                ASSERT_EQ(frames.size(), 1U);
                EXPECT_EQ(frames[0].time_ns, static_cast<std::int64_t>(nanoseconds ? time_ns : time_ns - 789));
                EXPECT_EQ(frames[0].bytes, "frame");
                EXPECT_EQ(frames[0].order, model::Order::of_frame(1));
            }
        }
    }
}

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

TEST(CaptureFiles, TakesOneDescriptorAFile) {
    const ScratchFolder folder;
    std::vector<std::string> paths;
    for (int i = 0; i < 10; ++i) {
        paths.push_back(folder.write("c" + std::to_string(i), unsorted_capture({frame_at(kStart)})));
    }
    const std::ptrdiff_t before = open_descriptors();
    {
        const auto files = open_files(paths);
        EXPECT_EQ(open_descriptors(), before + 10);
        EXPECT_EQ(read_all(*files).size(), 10U);
        EXPECT_EQ(open_descriptors(), before) << "files that are read are closed";
        EXPECT_EQ(files->progress().bytes_read, files->progress().bytes_total);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(CaptureFiles, KnowsTheLinkTypes) {
    const ScratchFolder folder;
    const std::vector<std::tuple<support::LinkType, model::LinkType, std::string>> cases{
        {support::LinkType::ethernet, model::LinkType::ethernet, "EN10MB"},
        {support::LinkType::raw, model::LinkType::raw_ip, "RAW"},
        {support::LinkType::null_loopback, model::LinkType::null_loopback, "NULL"},
        {support::LinkType::linux_sll, model::LinkType::linux_cooked_v1, "LINUX_SLL"},
        {support::LinkType::linux_sll2, model::LinkType::linux_cooked_v2, "LINUX_SLL2"},
    };
    for (const auto& [written, expected, name] : cases) {
        const auto files = open_files({folder.write("c", unsorted_capture({frame_at(kStart)}, {.link = written}))});
        EXPECT_EQ(read_all(*files).at(0).link, expected);
        EXPECT_EQ(files->statistics().at(0).link_type, name);
    }
}

TEST(CaptureFiles, EndsABatchWhereTheSecondChanges) {
    const ScratchFolder folder;
    std::vector<TimedFrame> frames;
    for (const std::uint64_t at_ms : {900U, 999U, 1000U, 990U, 1999U, 5000U})
        frames.push_back(frame_at(kStart + at_ms * 1'000'000));
    const auto files = open_files({folder.write("c", unsorted_capture(frames))});
    std::vector<std::pair<std::size_t, std::int64_t>> batches;
    for (const ReadFrame& frame : read_all(*files))
        batches.emplace_back(frame.batch, frame.clock_ns - static_cast<std::int64_t>(kStart));
    // The frame at 990 ms is late: it belongs to the second that the clock has reached.
    const std::int64_t second = base::kSecondNs;
    const std::vector<std::pair<std::size_t, std::int64_t>> expected{{0, 0},      {0, 0},      {1, second},
                                                                     {1, second}, {1, second}, {2, 5 * second}};
    EXPECT_EQ(batches, expected);
    EXPECT_EQ(files->statistics().at(0).late_frames, 1U);
}

TEST(CaptureFiles, RebasesTheClockOnALongJumpBack) {
    const ScratchFolder folder;
    const auto files =
        open_files({folder.write("c", unsorted_capture({frame_at(kStart), frame_at(kStart - 100 * kSecond)}))});
    EXPECT_EQ(read_all(*files).at(1).clock_ns, static_cast<std::int64_t>(kStart - 100 * kSecond));
    EXPECT_EQ(files->clock_rebased(), 1U);
}

TEST(CaptureFiles, FillsBatches) {
    const ScratchFolder folder;
    const std::vector<TimedFrame> frames(70, frame_at(kStart));
    const auto files = open_files({folder.write("c", unsorted_capture(frames))});
    const auto read = read_all(*files);
    ASSERT_EQ(read.size(), 70U);
    EXPECT_EQ(read[31].batch, 0U);
    EXPECT_EQ(read[32].batch, 1U);
    EXPECT_EQ(read[69].batch, 2U);
    EXPECT_EQ(read[69].order, model::Order::of_frame(70));
}

// A batch's frames lie in several of the blocks that the file was read in: none may be used again under them.
TEST(CaptureFiles, FramesStayInPlaceUntilTheirBatchIsReleased) {
    const ScratchFolder folder;
    std::vector<TimedFrame> frames;
    for (std::size_t i = 0; i < 200; ++i) {
        frames.push_back(frame_at(kStart, std::string(60'000 + 7 * i, static_cast<char>('a' + i % 26))));
    }
    const auto files = open_files({folder.write("c", unsorted_capture(frames))});
    const auto read = read_all(*files);
    ASSERT_EQ(read.size(), frames.size());
    EXPECT_LT(read.back().batch, 20U) << "of many frames each";
    for (std::size_t i = 0; i < read.size(); ++i) {
        EXPECT_TRUE(read[i].bytes == std::string(60'000 + 7 * i, static_cast<char>('a' + i % 26))) << i;
    }
}

TEST(CaptureFiles, MergesByTimeAndKeepsEachFilesOrder) {
    const ScratchFolder folder;
    const auto at = [](std::uint64_t ms, const std::string& name) { return frame_at(kStart + ms * 1'000'000, name); };
    const std::string one = folder.write("1", unsorted_capture({at(1, "a1"), at(5, "a5"), at(2, "a2"), at(9, "a9")}));
    const std::string two = folder.write("2", unsorted_capture({at(0, "b0"), at(1, "b1"), at(6, "b6"), at(9, "b9")}));
    const std::string none = folder.write("3", unsorted_capture({}));
    const auto files = open_files({one, none, two});
    const auto read = read_all(*files);
    EXPECT_EQ(contents(read), (std::vector<std::string>{"b0", "a1", "b1", "a5", "a2", "b6", "a9", "b9"}));
    for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i].order, model::Order::of_frame(i + 1));
    EXPECT_THAT(files->statistics().at(1).warnings.at(0), HasSubstr("contains no frames"));
}

TEST(CaptureFiles, CountsWhatEachFileHeld) {
    const ScratchFolder folder;
    const std::string path =
        folder.write("c", unsorted_capture({frame_at(kStart + 5, "12345", 9), frame_at(kStart + 3 * kSecond, "12")},
                                           {.nanoseconds = true}));
    const auto files = open_files({path});
    EXPECT_EQ(files->progress().bytes_total, std::filesystem::file_size(path));
    read_all(*files);
    const FileStatistics statistics = files->statistics().at(0);
    EXPECT_EQ(statistics.path, path);
    EXPECT_EQ(statistics.frames, 2U);
    EXPECT_EQ(statistics.captured_bytes, 7U);
    EXPECT_EQ(statistics.wire_bytes, 11U);
    EXPECT_EQ(statistics.snapped_frames, 1U);
    EXPECT_EQ(statistics.first_ns, static_cast<std::int64_t>(kStart + 5));
    EXPECT_EQ(statistics.last_ns, static_cast<std::int64_t>(kStart + 3 * kSecond));
    EXPECT_TRUE(statistics.finished);
    EXPECT_TRUE(statistics.warnings.empty());
    EXPECT_EQ(files->progress().bytes_read, files->progress().bytes_total);
}

// Standard input replaced by a pipe that a thread writes to, and put back.
TEST(CaptureFiles, ReadsStandardInput) {
    const ScratchFolder folder;
    const std::string content =
        unsorted_capture(std::vector<TimedFrame>(5000, frame_at(kStart, std::string(100, 'x'))));
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const int saved = dup(STDIN_FILENO);
    ASSERT_EQ(dup2(pipe_ends[0], STDIN_FILENO), STDIN_FILENO);
    std::thread writer([&] {
        for (std::size_t at = 0; at < content.size();) {
            const ssize_t count =
                write(pipe_ends[1], content.data() + at, std::min<std::size_t>(7, content.size() - at));
            if (count <= 0) break;
            at += static_cast<std::size_t>(count);
        }
        close(pipe_ends[1]);
    });
    const auto files = open_files({folder.write("c", unsorted_capture({frame_at(kStart - 1, "first")})), "-"});
    const auto read = read_all(*files);
    writer.join();
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(pipe_ends[0]);
    ASSERT_EQ(read.size(), 5001U);
    EXPECT_EQ(read[0].bytes, "first");
    EXPECT_EQ(read[5000].bytes, std::string(100, 'x'));
    EXPECT_EQ(files->progress().bytes_total, 0U);
    EXPECT_TRUE(files->statistics().at(1).warnings.empty());
}

}  // namespace
}  // namespace telltale::capture
