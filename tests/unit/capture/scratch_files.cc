// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/capture/scratch_files.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace telltale::capture {

ScratchFolder::ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "telltale-capture-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    folder_ = pattern;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string ScratchFolder::write(const std::string& name, std::string_view content) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
}

std::vector<ReadFrame> read_all(CaptureFiles& files) {
    std::vector<ReadFrame> all;
    model::FrameBatch batch;
    std::size_t batches = 0;
    PollStatus status = files.poll(batch);
    for (; status == PollStatus::frames; status = files.poll(batch)) {
        for (std::size_t i = 0; i < batch.count; ++i) {
            const model::Frame& frame = batch.frames[i];
            all.push_back({frame.timestamp_ns, frame.order, frame.captured_length, frame.wire_length, frame.link,
                           batch.clock_ns, batches, std::string(base::as_text(frame.bytes()))});
        }
        ++batches;
        files.release(batch);
    }
    EXPECT_EQ(status, PollStatus::end);
    EXPECT_EQ(batch.count, 0U);
    return all;
}

std::unique_ptr<CaptureFiles> open_files(const std::vector<std::string>& paths) {
    auto files = CaptureFiles::open(paths, {});
    if (!files) {
        ADD_FAILURE() << files.error().text;
        return nullptr;
    }
    return std::move(files.value());
}

std::string open_error(const std::vector<std::string>& paths) {
    auto files = CaptureFiles::open(paths, {});
    if (!files) return files.error().text;
    ADD_FAILURE() << "opened " << paths.front();
    return {};
}

}  // namespace telltale::capture
