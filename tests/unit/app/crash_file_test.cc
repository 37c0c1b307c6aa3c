// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/crash_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>

#include "sensor/capture/capture_files.h"

namespace telltale::app {
namespace {

// Runs in a process of its own that ends with `signal_number`; true when it did.
template <typename Run>
bool ends_with(int signal_number, Run&& run) {
    const pid_t child = fork();
    if (child == 0) {
        run();
        _exit(0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == signal_number;
}

TEST(CrashFile, HoldsWhatTheWorkersHadInHand) {
    std::string folder = (std::filesystem::temp_directory_path() / "telltale-crash-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::filesystem::path file = std::filesystem::path(folder) / "crash.pcap";
    std::ofstream(file) << "of the run before";

    const std::array<std::uint8_t, 60> bytes{1, 2, 3};
    std::array<model::Frame, 3> frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        frames[i].data = bytes.data();
        frames[i].captured_length = bytes.size();
        frames[i].wire_length = 1500;
        frames[i].timestamp_ns = 1'772'524'800'000'000'001 + static_cast<std::int64_t>(i);
    }
    frames[2].reassembled = true;
    for (const int signal_number : {SIGSEGV, SIGABRT}) {
        EXPECT_TRUE(ends_with(signal_number, [&] {
            std::array<pipeline::FramesInHand, 3> workers;
            workers[0].take(frames);
            workers[1].take(frames);
            workers[1].put_down();
            workers[2].take(std::span(frames).first(1));
            if (!keep_frames_of_a_crash(file, {&workers[0], &workers[1], &workers[2]})) return;
            raise(signal_number);
        }));
        auto source = capture::CaptureFiles::open({file.string()}, {});
        ASSERT_TRUE(source) << source.error().text;
        model::FrameBatch batch(model::kFileBatchBytes);
        std::size_t read = 0;
        while ((*source)->poll(batch) == capture::PollStatus::frames) {
            for (const model::Frame& frame : std::span(batch.frames).first(batch.count)) {
                EXPECT_EQ(frame.timestamp_ns / 10, 177'252'480'000'000'000);
                EXPECT_EQ(frame.captured_length, bytes.size());
                EXPECT_EQ(frame.wire_length, 1500U);
                ++read;
            }
            (*source)->release(batch);
        }
        EXPECT_EQ(read, 3U);
    }
    std::ostringstream before;
    before << std::ifstream(file.string() + ".1").rdbuf();
    EXPECT_FALSE(before.str().empty());
    std::filesystem::remove_all(folder);
}

TEST(CrashFile, SaysWhereItCannotWrite) {
    const auto kept = keep_frames_of_a_crash("/nonexistent/crash.pcap", {});
    ASSERT_FALSE(kept);
    EXPECT_NE(kept.error().text.find("/nonexistent/crash.pcap: cannot be written"), std::string::npos);
}

}  // namespace
}  // namespace telltale::app
