// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sensor/capture/frame_source.h"
#include "sensor/decode/defragmenter.h"

namespace telltale::pipeline {

// A frame source that adds reassembled IP datagrams: passes on every frame of another source unchanged, and after a
// fragment that completes its datagram the whole datagram (Frame::reassembled). It precedes the dispatcher, because the
// fragments of a datagram may belong to several workers. Used by the source's thread. The caller's batches need no
// storage: frames are borrowed from here until release(), one batch at a time.
class DefragmentingSource final : public capture::FrameSource {
  public:
    // `source` outlives it.
    DefragmentingSource(capture::FrameSource& source, const decode::DefragmenterConfig& config);
    // Gives back what is still borrowed from the source.
    ~DefragmentingSource() override;

    capture::PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;
    void stop_receiving() override { source_.stop_receiving(); }

    [[nodiscard]] const decode::DefragmentCounters& counters() const { return defragmenter_.counters(); }

  private:
    void give_back();

    capture::FrameSource& source_;
    decode::Defragmenter defragmenter_;
    // A batch without fragments passes unchanged. Another is kept here while the caller gets parts of it.
    bool passed_on_ = false;
    model::FrameBatch polled_;
    std::size_t next_ = 0;  // the first frame of polled_ that was not passed on
    bool borrowed_ = false;
};

}  // namespace telltale::pipeline
