// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "sensor/capture/frame_source.h"
#include "sensor/decode/defragmenter.h"

namespace telltale::pipeline {

// A frame source behind which IP datagrams are whole: passes on every frame of another source unchanged, and right
// behind a fragment that completes its datagram the whole datagram (Frame::reassembled). It stands before frames are
// steered to workers, because the fragments of a datagram may belong to several. One thread, the source's. The caller's
// batches need no storage: frames are borrowed from here until release(), and there is one batch at a time.
class DefragmentingSource final : public capture::FrameSource {
  public:
    // `source` outlives it.
    DefragmentingSource(capture::FrameSource& source, const decode::DefragmenterConfig& config);
    // Gives back what is still borrowed from the source.
    ~DefragmentingSource() override;

    capture::PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;
    void stop_receiving() override { source_.stop_receiving(); }
    [[nodiscard]] std::string failure() const override { return source_.failure(); }

    [[nodiscard]] const decode::DefragmentCounters& counters() const { return defragmenter_.counters(); }

  private:
    void give_back();

    capture::FrameSource& source_;
    decode::Defragmenter defragmenter_;
    // A batch without fragments goes through as it is. Of another the caller gets parts, and it is kept here.
    bool passed_on_ = false;
    model::FrameBatch polled_;
    std::size_t next_ = 0;  // the first frame of polled_ that was not passed on
    bool borrowed_ = false;
};

}  // namespace telltale::pipeline
