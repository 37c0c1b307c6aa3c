// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/capture/frame_source.h"
#include "sensor/capture/tap_config.h"
#include "sensor/pipeline/counters_copy.h"
#include "sensor/pipeline/duplicate_finder.h"
#include "sensor/pipeline/traffic_filter.h"

namespace telltale::pipeline {

// Whether copies of packets are looked for, and on which taps they are dropped. A value.
struct DuplicateConfig {
    static constexpr std::int64_t kMirrorWindowNs = 2'000'000;

    std::int64_t window_ns = 0;  // 0: duplicates are not looked for
    model::TapMap<bool> drop;    // by tap; else they are counted only
};

// A frame source that drops frames that must not be looked at, and duplicates if the tap says so; every dropped frame
// is counted by port and reason. It comes right after the ports, so that nothing of an ignored frame is kept, not even
// in the table of duplicates or of fragments. One batch is borrowed at a time. Used by the source's thread.
class FilteringSource final : public capture::FrameSource {
  public:
    // `source` and `filter` outlive it.
    FilteringSource(capture::FrameSource& source, const TrafficFilter& filter, const DuplicateConfig& duplicates,
                    std::size_t storage_bytes = 0);

    capture::PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;
    void stop_receiving() override { source_.stop_receiving(); }

    using PortCounters = model::PortMap<PortCounts>;
    [[nodiscard]] const PortCounters& counters() const { return counters_; }

  private:
    // Keeps polling past fully filtered batches, so that `nothing` really means no frame is waiting.
    static constexpr int kMostPolls = 2 * static_cast<int>(model::kMaxPorts);

    [[nodiscard]] bool passes(const model::Frame& frame);

    capture::FrameSource& source_;
    const TrafficFilter& filter_;
    DuplicateConfig duplicates_;
    DuplicateFinder finder_;
    bool filters_ = false;
    bool finds_ = false;
    model::FrameBatch polled_;
    PortCounters counters_{};
};

}  // namespace telltale::pipeline
