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
#include "sensor/capture/steady_clock.h"

struct rte_mbuf;

namespace telltale::capture {

// Frames that one source has received from one port. Written per burst by the source's thread alone; read by any
// thread.
struct alignas(64) ReceiveCounters {
    std::atomic<std::uint64_t> frames{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> unreadable{0};
    std::atomic<std::uint64_t> cut_frames{0};
    std::atomic<std::int64_t> first_ns{0};  // packet time
    std::atomic<std::int64_t> last_ns{0};   // packet time
    std::atomic<std::int64_t> heard_ns{0};  // steady clock of the last burst with frames
};

// One queue of a port, as used by its source.
struct TapQueue {
    std::uint16_t port_id = 0;  // DPDK's number
    model::PortIndex index;
    model::TapIndex tap;
    TimeSource time_source = TimeSource::wall_clock;
    bool plays_file = false;
    bool cuts_frames = false;
    bool comes_late = false;  // its driver delivers frames, with their own times, some time after their arrival
    ReceiveCounters* counters = nullptr;
};

// Polls one queue of each port of all taps and hands the frames out by their times (see Taps). One batch is borrowed at
// a time. Single-threaded.
class TapSource final : public FrameSource {
  public:
    // While nothing arrives, the clock follows the wall clock at this distance, so that it does not overtake delayed
    // frames.
    static constexpr std::int64_t kIdleWindowNs = base::kSecondNs / 5;
    // How long a frame of a late port waits for an earlier one of the others: longer than the kernel needs to fill a
    // block of packets (packet(7), TPACKET_V3).
    static constexpr std::int64_t kHoldNs = kLongestHoldNs;
    // The most frames that wait. They leave the kernel's ring, whose few blocks fill within milliseconds.
    static constexpr std::size_t kHeldFrames = 8192;
    // The longest frame that is joined from several segments; longer ones are unreadable.
    static constexpr std::uint32_t kLongestFrame = 65'600;

    // The clock gives frames their order: the same for all sources whose records are merged.
    TapSource(const std::vector<TapQueue>& queues, std::uint16_t queue, const SteadyClock& clock);
    // Frees the frames that were received and not handed out.
    ~TapSource() override;

    // Sets the batch's clock and how far it is (`done`), even without frames.
    PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;
    // From now on, only frames that are already here.
    void stop_receiving() override { receiving_ = false; }

  private:
    struct Waiting {
        rte_mbuf* buffer = nullptr;
        std::int64_t time_ns = 0;
    };
    // A queue and the frames that wait to be handed out.
    struct PortQueue {
        TapQueue setup;
        DeviceClock clock;
        std::vector<Waiting> waiting;
        std::size_t next = 0;
        std::size_t count = 0;
        bool looked = false;      // polled in this round
        std::uint64_t round = 0;  // the round that received the waiting frames

        [[nodiscard]] bool empty() const { return next == count; }
    };

    void receive(PortQueue& queue);
    [[nodiscard]] std::int64_t time_of(PortQueue& queue, const rte_mbuf& buffer, std::int64_t now_ns) const;
    PortQueue* earliest();
    [[nodiscard]] bool is_held(const PortQueue& queue) const;
    [[nodiscard]] static bool goes_before(const PortQueue& left, const PortQueue& right);
    // Returns false if the batch has to end before this frame.
    bool hand_out(PortQueue& queue, model::FrameBatch& batch);
    // Makes the frame contiguous. Returns false if that is not possible.
    bool join(rte_mbuf& buffer, std::size_t place, model::Frame& frame);
    void rest(model::FrameBatch& batch);

    std::vector<PortQueue> queues_;
    std::uint16_t queue_number_;
    bool plays_files_ = false;
    bool receiving_ = true;
    int timestamp_offset_ = -1;
    std::uint64_t timestamp_flag_ = 0;
    SteadyClock steady_clock_;
    std::int64_t now_ns_ = 0;     // wall clock of the last burst
    std::int64_t steady_ns_ = 0;  // steady clock of the same
    std::uint64_t round_ = 0;
    base::PacketClock clock_;
    bool clock_started_ = false;
    model::Order last_order_;
    // Room for segmented frames that do not fit into their first buffer; by their index in the batch.
    std::unique_ptr<std::uint8_t[]> joined_;
};

}  // namespace telltale::capture
