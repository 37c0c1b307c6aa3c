// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sensor/capture/interface.h"
#include "sensor/model/tap_index.h"

namespace telltale::capture {

// Where a frame's time comes from.
enum class TimeSource : std::uint8_t {
    wall_clock,  // at the burst that brought it
    device,      // the network card's clock, set to the wall clock
    packet,      // the driver gives each packet's own (net_pcap)
};

struct LinkState {
    bool up = false;
    std::uint32_t speed_mbps = 0;  // 0: not known
    bool full_duplex = false;
};

// What one port has seen since it was opened. `received_frames` is what reached the sensor: every one of them is
// analysed, or dropped for a reason that has a name. What the driver and the kernel lost before stands beside it.
struct PortFigures {
    std::string tap;
    std::string device;  // as configured
    std::string driver;  // DPDK's name: net_af_packet
    model::PortIndex index;

    std::uint64_t received_frames = 0;
    std::uint64_t received_bytes = 0;  // of the frames as on the wire, as far as that is known
    std::uint64_t unreadable = 0;      // received, but in pieces that could not be joined: a named drop
    std::uint64_t cut_frames = 0;      // received in part: the driver's ring has shorter frames
    bool wire_length_known = true;     // false: of a cut frame the length is what its IP header says

    std::uint64_t driver_received = 0;
    std::uint64_t driver_bytes = 0;
    std::uint64_t missed = 0;  // no room in the driver's queue
    std::uint64_t errors = 0;
    std::uint64_t no_buffer = 0;
    bool losses_known = true;    // false: the driver does not count what it loses; see `kernel`
    bool has_interface = false;  // `kernel` is set
    InterfaceCounters kernel;
    std::vector<std::pair<std::string, std::uint64_t>> extended;  // the driver's own, by its names

    LinkState link;
    TimeSource time_source = TimeSource::wall_clock;
    std::int64_t opened_ns = 0;       // wall clock
    std::int64_t first_frame_ns = 0;  // packet time of the first frame; 0: there was none
    std::int64_t last_frame_ns = 0;   // packet time of the latest frame
    std::int64_t silent_ns = 0;       // wall time since the last frame, or since it was opened
    bool blind = false;               // silent for longer than its tap's blind_after_s
    // Of a tap of two ports: blind while the other port is not. What this port should show is not seen.
    bool one_sided = false;
};

}  // namespace telltale::capture
