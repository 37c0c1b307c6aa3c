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

// How far reading has come. `bytes_total` is 0 when an input is no regular file: then nobody knows.
struct Progress {
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_total = 0;
};

// Capture files as one source: pcap and pcapng, microseconds or nanoseconds, "-" for standard input.
// Several are merged by packet time; frames of one file keep the file's order, and at equal times files go in the order
// given. Frame::order counts the frames in merged order. All files are open at once. Frames are borrowed where they
// were read, so that one batch is out at a time and needs no storage; frames longer than model::kFileBatchBytes are cut
// and counted. One thread.
class CaptureFiles final : public FrameSource {
  public:
    struct Options {
        // Ends the input when it is true and a signal interrupts the wait for it (standard input, pipes).
        const std::atomic<bool>* stop = nullptr;
    };

    // Opens every file and checks its format and link type before a frame is read. The error names the file, what is
    // wrong and what to do.
    static base::Result<std::unique_ptr<CaptureFiles>> open(const std::vector<std::string>& paths,
                                                            const Options& options);

    // frames or end; a file that breaks ends with a warning in its statistics.
    PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override { batch.clear(); }

    [[nodiscard]] Progress progress() const;
    // One entry a file, in the order given; complete after PollStatus::end.
    [[nodiscard]] std::vector<FileStatistics> statistics() const;
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    // How often packet time jumped back by more than base::PacketClock::kToleranceNs.
    [[nodiscard]] std::uint64_t clock_rebased() const { return clock_.rebased(); }

  private:
    CaptureFiles() = default;
    // A batch ends early where it keeps more than this of one file in memory.
    static constexpr std::size_t kMostHeldBytes = std::size_t{4} << 20;

    void start();
    bool advance(std::size_t file);
    bool add_next(model::FrameBatch& batch);
    void advance_first();

    std::vector<std::unique_ptr<CaptureFile>> files_;
    std::vector<std::size_t> ended_;  // their last frames are out with this batch
    std::vector<std::size_t> order_;  // heap of the files that have a next frame, earliest in front
    base::PacketClock clock_;
    std::uint64_t frames_ = 0;
    std::uint64_t turn_ = 0;
    bool started_ = false;
};

}  // namespace telltale::capture
