// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sensor/base/packet_clock.h"
#include "sensor/capture/frame_source.h"
#include "tests/support/packet_builder.h"

namespace telltale::pipeline {

// Ethernet packets as a frame source, in the order given; at most `batch_frames` a batch. It counts what it is asked.
class FrameList final : public capture::FrameSource {
  public:
    explicit FrameList(const std::vector<support::Packet>& packets, std::size_t batch_frames = model::kBatchFrames)
        : batch_frames_(batch_frames) {
        for (const support::Packet& packet : packets) frames_.push_back(packet.frame());
    }

    capture::PollStatus poll(model::FrameBatch& batch) override {
        ++polls;
        for (; next_ < frames_.size() && batch.count < batch_frames_; ++next_) {
            const support::TimedFrame& timed = frames_[next_];
            model::Frame frame;
            frame.data = timed.bytes.data();
            frame.captured_length = static_cast<std::uint32_t>(timed.bytes.size());
            frame.wire_length = timed.wire_length;
            frame.timestamp_ns = static_cast<std::int64_t>(timed.time_ns);
            frame.order = model::Order::of_frame(next_ + 1);
            const std::int64_t clock_ns = base::floor_to(frame.timestamp_ns, base::kSecondNs);
            if (batch.count != 0 && clock_ns != batch.clock_ns) break;
            batch.clock_ns = clock_ns;
            batch.add(frame);
        }
        return batch.count != 0 ? capture::PollStatus::frames : capture::PollStatus::end;
    }
    void release(model::FrameBatch& batch) override {
        ++releases;
        released_frames += batch.count;
        batch.clear();
    }

    std::size_t polls = 0;
    std::size_t releases = 0;
    std::size_t released_frames = 0;

  private:
    std::vector<support::TimedFrame> frames_;
    std::size_t batch_frames_;
    std::size_t next_ = 0;
};

// `payload` of IPv4 protocol `protocol` in fragments of `size` bytes, a multiple of 8; the same time for all of them.
inline std::vector<support::Packet> ipv4_fragments(const support::Packet& head, std::uint8_t protocol,
                                                   const support::Bytes& payload, std::size_t size) {
    std::vector<support::Packet> packets;
    for (std::size_t at = 0; at < payload.size(); at += size) {
        const std::size_t end = std::min(payload.size(), at + size);
        const support::Bytes piece(payload.begin() + static_cast<std::ptrdiff_t>(at),
                                   payload.begin() + static_cast<std::ptrdiff_t>(end));
        packets.push_back(support::Packet(head)
                              .fragment(static_cast<std::uint16_t>(at), end < payload.size())
                              .ip_protocol(protocol)
                              .payload(piece));
    }
    return packets;
}

}  // namespace telltale::pipeline
