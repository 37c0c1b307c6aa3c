// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/defragmenting_source.h"

namespace telltale::pipeline {

using capture::PollStatus;

DefragmentingSource::DefragmentingSource(capture::FrameSource& source, const decode::DefragmenterConfig& config)
    : source_(source), defragmenter_(config) {}

DefragmentingSource::~DefragmentingSource() { give_back(); }

PollStatus DefragmentingSource::poll(model::FrameBatch& batch) {
    if (next_ == polled_.count) {
        give_back();
        const PollStatus status = source_.poll(polled_);
        borrowed_ = status == PollStatus::frames || status == PollStatus::nothing;
        batch.clock_ns = polled_.clock_ns;
        batch.done_order = polled_.done_order;
        if (status != PollStatus::frames) return status;
    }
    batch.clock_ns = polled_.clock_ns;
    for (; next_ < polled_.count && !batch.full(); ++next_) {
        const model::Frame& frame = polled_.frames[next_];
        if (!decode::may_be_fragment(frame)) [[likely]] {
            batch.add(frame);
            continue;
        }
        // The datagram that it may complete goes into the same batch.
        if (batch.count + 2 > model::kBatchFrames) break;
        batch.add(frame);
        model::Frame whole;
        if (defragmenter_.offer(frame, whole)) batch.add(whole);
    }
    return PollStatus::frames;
}

void DefragmentingSource::release(model::FrameBatch& batch) {
    batch.clear();
    defragmenter_.recycle();
}

void DefragmentingSource::give_back() {
    if (borrowed_) source_.release(polled_);
    borrowed_ = false;
    next_ = 0;
    polled_.clear();
}

}  // namespace telltale::pipeline
