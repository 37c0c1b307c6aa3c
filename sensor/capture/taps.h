// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/capture/frame_source.h"
#include "sensor/capture/port_figures.h"
#include "sensor/capture/tap_config.h"

namespace telltale::capture {

// How frames reach the workers.
enum class Steering : std::uint8_t {
    one_worker,  // one source polls every port
    cards,       // one source per worker: network cards spread flows over their queues by a symmetric hash
    dispatcher,  // one source for all workers: software spreads the flows
};

// The ports of all taps on DPDK: open() starts them, source() polls them, the destructor stops them. One per process,
// because DPDK starts only once. Create and destroy it on one thread, while nobody polls. A source belongs to one
// thread; any thread may call figures().
//
// Frames are DPDK's buffers, contiguous and borrowed until release(). Frame::tap and Frame::port are indexes into the
// configuration, from 0. The order is the wall clock at the burst. Packet time is the driver's if it has one (net_pcap:
// the file's; cards with a receive timestamp: theirs), else the wall clock at the burst. Frames of several ports with
// times of their own are merged by them. Without such times, the order of frames that wait in both ports of a tap is
// unknown: each port keeps its order, and frames to the lower of two TCP or UDP ports (a request) precede frames from
// it.
class Taps {
  public:
    // Starts DPDK and every port. The error names the device that cannot be opened, the reason, and the command that
    // fixes it.
    static base::Result<std::unique_ptr<Taps>> open(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps,
                                                    std::size_t workers);
    ~Taps();
    Taps(const Taps&) = delete;
    Taps& operator=(const Taps&) = delete;

    [[nodiscard]] Steering steering() const;
    // Returns the reason in words: "0000:03:00.0: net_e1000 does not support RSS with a given key".
    [[nodiscard]] const std::string& steering_reason() const;

    // Returns the number of workers with Steering::cards, else 1. A source and its frames live as long as this object.
    [[nodiscard]] std::size_t source_count() const;
    [[nodiscard]] FrameSource& source(std::size_t index);

    [[nodiscard]] const std::vector<TapConfig>& taps() const;
    // Returns whether every port plays a file with packet times. Such ports lose nothing while they wait, and their
    // clock stops at the end.
    [[nodiscard]] bool can_wait() const;

    // Returns one entry per port, in the order of the configuration. `with_extended` adds the driver's own counters,
    // which costs more. Queries drivers and the kernel; takes a lock that no source takes.
    [[nodiscard]] std::vector<PortFigures> figures(bool with_extended = false) const;

  private:
    struct State;
    explicit Taps(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace telltale::capture
