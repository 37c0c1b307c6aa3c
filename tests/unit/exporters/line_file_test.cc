// SPDX-License-Identifier: Apache-2.0
#include "exporters/jsonl/line_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "exporters/jsonl/jsonl_writer.h"

namespace telltale::jsonl {
namespace {

class LineFileTest : public testing::Test {
  protected:
    void SetUp() override {
        char path[] = "/tmp/telltale-lines-XXXXXX";
        const int descriptor = mkstemp(path);
        ASSERT_GE(descriptor, 0);
        close(descriptor);
        path_ = path;
    }
    void TearDown() override { unlink(path_.c_str()); }

    std::string content() const {
        std::ifstream file(path_);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }

    std::string path_;
};

TEST_F(LineFileTest, WritesLinesAtFlushAndEnd) {
    {
        auto file = LineFile::open(path_);
        ASSERT_TRUE(file);
        EXPECT_TRUE((*file)->write_line("{\"a\":1}"));
        EXPECT_EQ(content(), "") << "buffered";
        EXPECT_TRUE((*file)->flush());
        EXPECT_EQ(content(), "{\"a\":1}\n");
        EXPECT_TRUE((*file)->write_line("b"));
    }
    EXPECT_EQ(content(), "{\"a\":1}\nb\n");
}

TEST_F(LineFileTest, DoesWithWhatThereIsAsAsked) {
    using Existing = LineFile::Existing;
    struct Case {
        const char* description;
        const char* before;
        Existing existing;
        bool start_over;
        const char* after;
    };
    const Case cases[] = {
        {"replaced", "old\n", Existing::replace, false, "new\n"},
        {"kept until asked", "old\n", Existing::keep, true, "new\n"},
        {"added to", "old\n", Existing::append, false, "old\nnew\n"},
        {"added to an unfinished line", "old", Existing::append, false, "old\nnew\n"},
        {"added to nothing", "", Existing::append, false, "new\n"},
    };
    for (const Case& c : cases) {
        std::ofstream(path_, std::ios::trunc) << c.before;
        auto file = LineFile::open(path_, c.existing);
        ASSERT_TRUE(file) << c.description;
        EXPECT_EQ(content(), c.existing == Existing::replace ? "" : c.before) << c.description;
        if (c.start_over) {
            EXPECT_TRUE((*file)->start_over()) << c.description;
        }
        EXPECT_TRUE((*file)->write_line("new")) << c.description;
        EXPECT_TRUE((*file)->flush()) << c.description;
        EXPECT_EQ(content(), c.after) << c.description;
    }
}

TEST_F(LineFileTest, HandsOverWholeLinesOnly) {
    auto file = LineFile::open(path_);
    ASSERT_TRUE(file);
    const std::string line(1000, 'x');
    for (std::size_t i = 0; i < LineFile::kBufferBytes / 1001 + 1; ++i) ASSERT_TRUE((*file)->write_line(line));
    const std::string text = content();
    EXPECT_EQ(text.size() % 1001, 0U);
    EXPECT_GT(text.size(), 0U);
    ASSERT_TRUE((*file)->write_line(std::string(LineFile::kBufferBytes * 2, 'y'))) << "longer than the buffer";
    ASSERT_TRUE((*file)->flush());
    EXPECT_EQ(content().back(), '\n');
}

TEST_F(LineFileTest, NamesPathAndReasonWhenItCannotOpen) {
    const auto file = LineFile::open("/nonexistent/folder/events.jsonl");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().text, "/nonexistent/folder/events.jsonl: cannot be written: No such file or directory");
}

TEST(LineFile, AFullDiskIsReportedOnce) {
    const int descriptor = open("/dev/full", O_WRONLY);
    ASSERT_GE(descriptor, 0);
    LineFile file(descriptor, "/dev/full", true);
    EXPECT_TRUE(file.write_line("x"));
    const base::Status status = file.flush();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "/dev/full: writing failed: No space left on device");
    EXPECT_TRUE(file.failed());
    EXPECT_TRUE(file.write_line("y")) << "reported before";
    EXPECT_TRUE(file.flush());
}

TEST_F(LineFileTest, ALineCutByAFullDiskIsTakenBack) {
    // A limit on the file's size stands for a full disk: the write is cut short, then fails.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    auto file = LineFile::open(path_);
    ASSERT_TRUE(file);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE((*file)->write_line("123456789"));
    const rlimit small{25, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const base::Status status = (*file)->flush();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_FALSE(status);
    EXPECT_EQ(content(), "123456789\n123456789\n");
}

TEST(LineFile, AClosedPipeIsReported) {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    close(ends[0]);
    LineFile file(ends[1], "standard output", true);
    EXPECT_TRUE(file.write_line("x"));
    const base::Status status = file.flush();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "standard output: writing failed: Broken pipe");
}

TEST_F(LineFileTest, JsonlWriterWritesOneEventALine) {
    auto file = LineFile::open(path_);
    ASSERT_TRUE(file);
    JsonlWriter writer(**file);
    const auto event = [](const char* json) {
        exporters::Envelope envelope;
        envelope.json = json;
        return std::make_shared<const exporters::Envelope>(std::move(envelope));
    };
    const exporters::StoredEnvelope batch[] = {event("one"), event("two")};
    EXPECT_TRUE(writer.consume(batch));
    EXPECT_TRUE(writer.flush());
    EXPECT_EQ(content(), "one\ntwo\n");
}

}  // namespace
}  // namespace telltale::jsonl
