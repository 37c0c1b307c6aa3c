// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/packet_clock.h"
#include "sensor/capture/device_clock.h"
#include "sensor/capture/frame_source.h"
#include "sensor/capture/port_figures.h"

struct rte_mbuf;

namespace telltale::capture {

// What one source has received of one port. Written by the source's thread alone, a burst at a time; read by any.
struct alignas(64) ReceiveCounters {
    std::atomic<std::uint64_t> frames{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> unreadable{0};
    std::atomic<std::uint64_t> cut_frames{0};
    std::atomic<std::int64_t> first_ns{0};  // packet time
    std::atomic<std::int64_t> last_ns{0};   // packet time
    std::atomic<std::int64_t> heard_ns{0};  // wall clock of the last burst that brought something
};

// One queue of a port, as its source sees it.
struct TapQueue {
    std::uint16_t port_id = 0;  // DPDK's
    model::PortIndex index;
    model::TapIndex tap;
    TimeSource time_source = TimeSource::wall_clock;
    bool plays_file = false;
    bool cuts_frames = false;
    bool comes_late = false;  // its driver hands frames with their own times over some time after they came
    ReceiveCounters* counters = nullptr;
};

// Polls one queue of every port of every tap, and hands the frames out by their times: see Taps. One batch is borrowed
// at a time. One thread.
class TapSource final : public FrameSource {
  public:
    // While nothing arrives, the clock stays so far behind the wall clock: what is on its way is not overtaken.
    static constexpr std::int64_t kIdleWindowNs = base::kSecondNs / 5;
    // Of ports that come late, a frame waits so long for an earlier one of the others: longer than the kernel fills a
    // block of packets (packet(7), TPACKET_V3).
    static constexpr std::int64_t kHoldNs = kLongestHoldNs;
    // What is kept back is taken out of the kernel's ring meanwhile: it has few blocks, and fills one in milliseconds.
    static constexpr std::size_t kHeldFrames = 8192;
    // The longest frame that is joined of several pieces; longer ones are unreadable.
    static constexpr std::uint32_t kLongestFrame = 65'600;

    TapSource(const std::vector<TapQueue>& queues, std::uint16_t queue);
    // Gives back what was received and never handed out.
    ~TapSource() override;

    // Also when there is nothing, sets the batch's clock, and how far it is (`done`).
    PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;
    // From now on only what is here already.
    void stop_receiving() override { receiving_ = false; }

  private:
    struct Waiting {
        rte_mbuf* buffer = nullptr;
        std::int64_t time_ns = 0;
    };
    // A queue and the frames of its last burst that are not handed out yet.
    struct Lane {
        TapQueue queue;
        DeviceClock clock;
        std::vector<Waiting> waiting;
        std::size_t next = 0;
        std::size_t count = 0;
        bool looked = false;      // in this poll
        std::uint64_t round = 0;  // the poll that brought what is waiting

        [[nodiscard]] bool empty() const { return next == count; }
    };

    void receive(Lane& lane);
    [[nodiscard]] std::int64_t time_of(Lane& lane, const rte_mbuf& buffer, std::int64_t now_ns) const;
    Lane* earliest();
    [[nodiscard]] bool is_held(const Lane& lane) const;
    [[nodiscard]] static bool goes_before(const Lane& left, const Lane& right);
    // False when the batch has to end before this frame.
    bool hand_out(Lane& lane, model::FrameBatch& batch);
    // The frame in one piece; false when that cannot be.
    bool join(rte_mbuf& buffer, std::size_t place, model::Frame& frame);
    void rest(model::FrameBatch& batch);

    std::vector<Lane> lanes_;
    std::uint16_t queue_;
    bool plays_files_ = false;
    bool receiving_ = true;
    int timestamp_offset_ = -1;
    std::uint64_t timestamp_flag_ = 0;
    std::int64_t now_ns_ = 0;
    std::uint64_t round_ = 0;
    base::PacketClock clock_;
    bool clock_started_ = false;
    model::Order last_order_;
    // For frames in several pieces that have no room in their first buffer; by their place in the batch.
    std::unique_ptr<std::uint8_t[]> joined_;
};

}  // namespace telltale::capture
