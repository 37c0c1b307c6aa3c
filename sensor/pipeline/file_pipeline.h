// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/capture/frame_source.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/figures.h"
#include "sensor/pipeline/record_sequencer.h"
#include "sensor/pipeline/worker.h"

namespace telltale::pipeline {

struct FilePipelineConfig {
    std::size_t workers = 1;
    track::TrackerConfig tracking;             // of each worker; its number and hash key are set here
    decode::DefragmenterConfig defragmenting;  // its hash key is set here
    std::uint32_t generation = 1;
    std::size_t ring_bytes = 8U << 20;  // per worker: ring to the correlator thread; with more than one worker
};

// Carries a frame source to its end through one or several workers. IP fragments are put together before the frames are
// spread: the fragments of a datagram belong to two flows, which may have two workers. With one worker everything runs
// on the caller's thread. With several, the caller's thread reads and steers frames to the workers by flow, and one
// more thread merges their records and runs the consumer; the consumer sees the same records in the same order, but for
// FlowRef::worker and the slots.
class FilePipeline {
  public:
    static base::Result<std::unique_ptr<FilePipeline>> create(
        const FilePipelineConfig& config, std::shared_ptr<const match::CompiledSignatures> signatures,
        RecordConsumer consumer);
    ~FilePipeline();

    // `after_batch` runs on the caller's thread now and then, for progress. Returns the source's failure, if it had
    // one; what was read before it is processed all the same.
    base::Status run(capture::FrameSource& source, const std::function<void()>& after_batch);

    [[nodiscard]] PipelineFigures figures() const;

  private:
    struct Lane;

    FilePipeline(const FilePipelineConfig& config, RecordConsumer consumer);
    base::Status run_inline(capture::FrameSource& source, const std::function<void()>& after_batch);
    base::Status run_threads(capture::FrameSource& source, const std::function<void()>& after_batch);

    FilePipelineConfig config_;
    RecordSequencer sequencer_;
    std::unique_ptr<InlineOutlet> inline_outlet_;
    std::vector<std::unique_ptr<Lane>> lanes_;  // with more than one worker
    std::vector<std::unique_ptr<Worker>> workers_;
    decode::DefragmentCounters defragmented_;
};

}  // namespace telltale::pipeline
