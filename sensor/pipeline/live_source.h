// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sensor/pipeline/defragmenting_source.h"
#include "sensor/pipeline/filtering_source.h"
#include "sensor/pipeline/live_worker.h"
#include "sensor/pipeline/published.h"

namespace telltale::pipeline {

// What one polling thread does before its frames go to workers: leave out what must not be looked at, and put fragments
// together. Publishes its counters for other threads. On the polling thread, for one run.
class LiveSource {
  public:
    // `source`, `filter` and `published` outlive it.
    LiveSource(capture::FrameSource& source, const TrafficFilter& filter, const DuplicateConfig& duplicates,
               const decode::DefragmenterConfig& defragmenting, Published<SourceSnapshot>& published)
        : filtering_(source, filter, duplicates), whole_(filtering_, defragmenting), published_(published) {}

    capture::FrameSource& frames() { return whole_; }
    // `full`: frames of each port that found no room behind a dispatcher; null without one.
    using Full = model::PortMap<std::uint64_t>;
    void publish_sometimes(LiveClock::time_point now, const Full* full) {
        if (now - published_at_ >= kPublishEvery) publish(now, full);
    }
    void publish(LiveClock::time_point now, const Full* full) {
        SourceSnapshot snapshot;
        snapshot.ports = filtering_.counters();
        snapshot.defragment = whole_.counters();
        for (const model::PortIndex port : model::PortIndex::all()) {
            if (full != nullptr)
                snapshot.ports[port].dropped[static_cast<std::size_t>(PortDrop::dispatch_full)] = (*full)[port];
        }
        published_.publish(snapshot);
        published_at_ = now;
    }

  private:
    FilteringSource filtering_;
    DefragmentingSource whole_;
    LiveClock::time_point published_at_;
    Published<SourceSnapshot>& published_;
};

}  // namespace telltale::pipeline
