// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/filtering_source.h"

namespace telltale::pipeline {

using capture::PollStatus;

FilteringSource::FilteringSource(capture::FrameSource& source, const TrafficFilter& filter,
                                 const DuplicateConfig& duplicates, std::size_t storage_bytes)
    : source_(source),
      filter_(filter),
      duplicates_(duplicates),
      finder_(base::random_hash_key(), duplicates.window_ns),
      filters_(!filter.passes_everything()),
      finds_(duplicates.window_ns > 0),
      polled_(storage_bytes) {}

bool FilteringSource::passes(const model::Frame& frame) {
    PortCounts& port = counters_[frame.port];
    if (filters_) {
        if (const auto reason = filter_.refuses(frame)) {
            ++port.dropped[*reason];
            return false;
        }
    }
    if (finds_ && finder_.seen(frame)) {
        ++port.duplicates;
        if (duplicates_.drop[frame.tap]) {
            ++port.dropped[PortDrop::duplicate];
            return false;
        }
    }
    return true;
}

PollStatus FilteringSource::poll(model::FrameBatch& batch) {
    PollStatus status = PollStatus::nothing;
    for (int polls = 0; polls < kMostPolls; ++polls) {
        status = source_.poll(polled_);
        batch.clock_ns = polled_.clock_ns;
        batch.done = polled_.done;
        if (status != PollStatus::frames) return status;
        for (std::size_t i = 0; i < polled_.count; ++i) {
            if (passes(polled_.frames[i])) batch.add(polled_.frames[i]);
        }
        if (batch.count != 0) return PollStatus::frames;
        batch.done = polled_.frames[polled_.count - 1].order;
        if (polls + 1 < kMostPolls) source_.release(polled_);
    }
    return PollStatus::nothing;
}

void FilteringSource::release(model::FrameBatch& batch) {
    batch.clear();
    source_.release(polled_);
}

}  // namespace telltale::pipeline
