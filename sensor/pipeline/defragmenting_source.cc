// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/defragmenting_source.h"

#include <algorithm>
#include <span>

namespace telltale::pipeline {

using capture::PollStatus;

DefragmentingSource::DefragmentingSource(capture::FrameSource& source, const decode::DefragmenterConfig& config)
    : source_(source), defragmenter_(config) {}

DefragmentingSource::~DefragmentingSource() { give_back(); }

PollStatus DefragmentingSource::poll(model::FrameBatch& batch) {
    if (next_ == polled_.count) {
        give_back();
        const PollStatus status = source_.poll(batch);
        passed_on_ = status == PollStatus::frames || status == PollStatus::nothing;
        if (status != PollStatus::frames) return status;
        const std::span<const model::Frame> frames = std::span(batch.frames).first(batch.count);
        if (std::none_of(frames.begin(), frames.end(), decode::may_be_fragment)) [[likely]]
            return status;
        passed_on_ = false;
        borrowed_ = true;
        polled_.take_over(batch);
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
    passed_on_ ? source_.release(batch) : batch.clear();
    passed_on_ = false;
    defragmenter_.recycle();
}

void DefragmentingSource::give_back() {
    if (borrowed_) source_.release(polled_);
    borrowed_ = false;
    next_ = 0;
    polled_.clear();
}

}  // namespace telltale::pipeline
