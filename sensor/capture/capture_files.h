// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sensor/base/packet_clock.h"
#include "sensor/base/result.h"
#include "sensor/capture/capture_file.h"
#include "sensor/capture/file_statistics.h"
#include "sensor/capture/frame_source.h"

namespace telltale::capture {

// How far reading has come. `bytes_total` is 0 if an input is not a regular file, because its size is not known.
struct Progress {
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_total = 0;
};

// Capture files as one source: pcap and pcapng, microseconds or nanoseconds, "-" for standard input. Merges several
// files by packet time. Frames of one file keep the file's order; at equal times, files follow the given order.
// Frame::order counts the frames in merged order. All files are open at once. A batch borrows its frames from the
// blocks that were read, so only one batch is borrowed at a time. Frames longer than model::kFileBatchBytes are cut and
// counted. Single-threaded.
class CaptureFiles final : public FrameSource {
  public:
    struct Options {
        // If this is true, a signal that interrupts the wait for input (standard input, pipes) ends the input.
        const std::atomic<bool>* stop = nullptr;
    };

    // Opens every file and checks its format and link type before it reads frames. The error names the file, the
    // problem and the remedy.
    static base::Result<std::unique_ptr<CaptureFiles>> open(const std::vector<std::string>& paths,
                                                            const Options& options);

    // Returns frames or end. A broken file ends with a warning in its statistics.
    PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override { batch.clear(); }

    [[nodiscard]] Progress progress() const;
    // Returns one entry per file, in the given order; complete after PollStatus::end.
    [[nodiscard]] std::vector<FileStatistics> statistics() const;
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    // Returns how often packet time jumped back by more than base::PacketClock::kToleranceNs.
    [[nodiscard]] std::uint64_t clock_rebased() const { return clock_.rebased(); }

  private:
    CaptureFiles() = default;
    // A batch ends early if it holds more than this of one file in memory.
    static constexpr std::size_t kMostHeldBytes = std::size_t{4} << 20;

    void start();
    bool advance(std::size_t file);
    bool add_next(model::FrameBatch& batch);
    void advance_first();

    std::vector<std::unique_ptr<CaptureFile>> files_;
    std::vector<std::size_t> ended_;  // files whose last frames are in the borrowed batch
    std::vector<std::size_t> order_;  // heap of the files with a next frame; earliest in front
    base::PacketClock clock_;
    std::uint64_t frames_ = 0;
    std::uint64_t turn_ = 0;
    bool started_ = false;
};

}  // namespace telltale::capture
