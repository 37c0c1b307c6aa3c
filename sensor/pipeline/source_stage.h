// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sensor/pipeline/counters_copy.h"
#include "sensor/pipeline/defragmenting_source.h"
#include "sensor/pipeline/filtering_source.h"
#include "sensor/pipeline/frame_taker.h"
#include "sensor/pipeline/published.h"

namespace telltale::pipeline {

// Prepares the frames of one polling thread before they go to workers: leaves out what must not be looked at, and puts
// fragments together. Publishes its counters for other threads. Belongs to the polling thread.
class SourceStage {
  public:
    // `source`, `filter` and `published` outlive it.
    SourceStage(capture::FrameSource& source, const TrafficFilter& filter, const DuplicateConfig& duplicates,
                const decode::DefragmenterConfig& defragmenting, Published<SourceCopy>& published);

    capture::FrameSource& frames() { return whole_; }
    // `dropped`: frames of each port that found no room behind this stage; may be null.
    void publish_sometimes(MonotoneClock::time_point now, const model::PortMap<std::uint64_t>* dropped) {
        if (now - published_at_ >= kPublishEvery) publish(now, dropped);
    }
    void publish(MonotoneClock::time_point now, const model::PortMap<std::uint64_t>* dropped);

  private:
    std::optional<FilteringSource> filtering_;  // where there is something to filter or to find
    DefragmentingSource whole_;
    MonotoneClock::time_point published_at_;
    Published<SourceCopy>& published_;
};

}  // namespace telltale::pipeline
