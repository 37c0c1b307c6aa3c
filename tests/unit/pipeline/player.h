// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "sensor/base/packet_clock.h"
#include "sensor/capture/frame_source.h"
#include "tests/support/packet_builder.h"

namespace telltale::pipeline {

// Plays a share of some packets, from memory; then nothing. Counts what it has handed out, for other threads.
class Player final : public capture::FrameSource {
  public:
    Player(const std::vector<support::TimedFrame>& frames, std::size_t share = 0, std::size_t shares = 1)
        : frames_(frames), share_(share), shares_(shares) {}

    capture::PollStatus poll(model::FrameBatch& batch) override {
        now_ns_ += 1'000'000;
        for (; receiving_ && next_ < frames_.size() && !batch.full(); ++next_) {
            if (flow_of(next_) % shares_ != share_) continue;
            model::Frame frame;
            frame.data = frames_[next_].bytes.data();
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(frames_[next_].bytes.size());
            frame.timestamp_ns = now_ns_;
            frame.order = order_ = order_.next_frame();
            frame.port = model::PortIndex(next_ % 2);
            batch.add(frame);
            received[frame.port.value()].fetch_add(1, std::memory_order_relaxed);
        }
        batch.clock_ns = base::floor_to(now_ns_, base::kSecondNs);
        if (batch.count != 0) return capture::PollStatus::frames;
        done.store(true, std::memory_order_relaxed);
        batch.done = order_ = order_.next_frame();
        return capture::PollStatus::nothing;
    }
    void release(model::FrameBatch& batch) override { batch.clear(); }
    void stop_receiving() override { receiving_ = false; }

    std::array<std::atomic<std::uint64_t>, 2> received{};
    std::atomic<bool> done{false};

  private:
    [[nodiscard]] static std::size_t flow_of(std::size_t index) { return index / 2; }  // question and answer

    const std::vector<support::TimedFrame>& frames_;
    std::size_t share_, shares_;
    std::size_t next_ = 0;
    bool receiving_ = true;
    std::int64_t now_ns_ = 1'772'524'800 * base::kSecondNs;
    model::Order order_;
};

inline std::vector<support::TimedFrame> frames_of(const std::vector<support::Packet>& packets) {
    std::vector<support::TimedFrame> frames;
    for (const support::Packet& packet : packets) frames.push_back(packet.frame());
    return frames;
}

}  // namespace telltale::pipeline
