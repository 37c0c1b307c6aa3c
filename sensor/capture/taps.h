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

// How frames come to the workers.
enum class Steering : std::uint8_t {
    one_worker,  // one source, which polls every port
    cards,       // a source a worker: the network cards spread flows over their queues by a symmetric hash
    dispatcher,  // one source for all workers: software has to spread the flows
};

// The ports of all taps on DPDK: started by open(), stopped by the destructor, in between polled through source(). Once
// a process, since DPDK starts only once. Make and destroy it on one thread, while nobody polls; a source is one
// thread's; figures() are any thread's.
//
// Frames are DPDK's buffers, borrowed until release(); one contiguous piece. Frame::tap and Frame::port are the places
// in the configuration, from 0. Order is the wall clock at the burst. Packet time is what the driver gives (net_pcap:
// the file's; cards with a receive timestamp: theirs), else the wall clock at the burst; where every frame of a look
// has a time of its own, frames of several ports are handed out by it. A tap's two ports are looked at in turn: without
// such times nobody knows the order of frames that wait in both at one look; each port keeps its own, and what is sent
// to the lower of two TCP or UDP ports (a question) goes before what comes from it.
class Taps {
  public:
    // Starts DPDK and every port. The error says which device cannot be opened, why, and the command that mends it.
    static base::Result<std::unique_ptr<Taps>> open(const DpdkConfig& dpdk, const std::vector<TapConfig>& taps,
                                                    std::size_t workers);
    ~Taps();
    Taps(const Taps&) = delete;
    Taps& operator=(const Taps&) = delete;

    [[nodiscard]] Steering steering() const;
    // Why it is so, in words: "0000:03:00.0: its driver takes no symmetric key".
    [[nodiscard]] const std::string& steering_reason() const;

    // As many as workers with Steering::cards, else one. A source and its frames live as long as this.
    [[nodiscard]] std::size_t source_count() const;
    [[nodiscard]] FrameSource& source(std::size_t index);

    [[nodiscard]] const std::vector<TapConfig>& taps() const;
    // Every port plays a file and gives its packets' own times: nothing is lost by making it wait, and its clock stands
    // still at its end.
    [[nodiscard]] bool can_wait() const;

    // One entry a port, in the order of the configuration. `with_extended`: also the driver's own counters, which costs
    // more. Asks drivers and the kernel; takes a lock that no source takes.
    [[nodiscard]] std::vector<PortFigures> figures(bool with_extended = false) const;

  private:
    struct State;
    explicit Taps(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace telltale::capture
