// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sensor/capture/interface.h"
#include "sensor/model/tap_index.h"

namespace telltale::capture {

// The source of a frame's time.
enum class TimeSource : std::uint8_t {
    wall_clock,  // the time of its burst
    device,      // the network card's clock, converted to wall-clock time
    packet,      // the packet's own time, from the driver (net_pcap)
};

struct LinkState {
    bool up = false;
    std::uint32_t speed_mbps = 0;  // 0: not known
    bool full_duplex = false;
};

// Figures of one port since it was opened. `received_frames` counts the frames that reached the sensor: each is
// analysed or dropped for a named reason. Losses in the driver and the kernel are counted separately.
struct PortFigures {
    std::string tap;
    std::string device;  // as configured
    std::string driver;  // DPDK's name: net_af_packet
    model::PortIndex index;

    std::uint64_t received_frames = 0;
    std::uint64_t received_bytes = 0;  // wire lengths, as far as known
    std::uint64_t unreadable = 0;      // dropped: their segments could not be joined
    std::uint64_t cut_frames = 0;      // longer than a frame of the driver's ring
    bool wire_length_known = true;     // false: the length of a cut frame is its IP header's

    std::uint64_t driver_received = 0;
    std::uint64_t driver_bytes = 0;
    std::uint64_t missed = 0;  // dropped because the driver's queue was full
    std::uint64_t errors = 0;
    std::uint64_t no_buffer = 0;
    bool losses_known = true;    // false: the driver does not count its losses; see `kernel`
    bool has_interface = false;  // `kernel` is set
    InterfaceCounters kernel;
    std::vector<std::pair<std::string, std::uint64_t>> extended;  // the driver's own figures, with its names

    LinkState link;
    TimeSource time_source = TimeSource::wall_clock;
    std::int64_t opened_ns = 0;       // wall clock
    std::int64_t first_frame_ns = 0;  // packet time of the first frame; 0: none yet
    std::int64_t last_frame_ns = 0;   // packet time of the latest frame
    std::int64_t silent_ns = 0;       // wall time since the last frame, or since the port was opened
    bool blind = false;               // silent for longer than its tap's blind_after_s
    // With two ports on a tap: blind while the other port is not, so that one direction is missing.
    bool one_sided = false;
};

}  // namespace telltale::capture
