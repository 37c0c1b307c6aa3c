// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/capture/interface.h"
#include "sensor/model/tap_index.h"

namespace telltale::capture {

// The source of a frame's time.
enum class TimeSource : std::uint8_t {
    wall_clock,  // the time of its burst
    device,      // the network card's clock, converted to wall-clock time
    packet,      // the packet's own time, from the driver (net_pcap)
};

// The port's link, as its driver reports it.
struct LinkState {
    bool up = false;
    std::uint32_t speed_mbps = 0;  // 0: not known
    bool full_duplex = false;
};

#define TELLTALE_PORT_COUNTERS(X)                                                                                      \
    X(received, counter, "Frames that reached the sensor")                                                             \
    X(received_bytes, counter, "Bytes on the wire of the frames that reached the sensor, as far as known")             \
    X(cut_frames, counter, "Frames that reached the sensor truncated")                                                 \
    X(driver_received, counter, "Frames that reached the sensor, as the driver counts them")                           \
    X(driver_bytes, counter, "Bytes of the frames that reached the sensor, as the driver counts them")                 \
    X(missed, counter, "Frames dropped by the driver because its queue was full (not in telltale_port_packets_total)") \
    X(errors, counter, "Frames that the driver rejected (not in telltale_port_packets_total)")                         \
    X(nombuf, counter, "Frames dropped by the driver because it had no buffer (not in telltale_port_packets_total)")

// Counters of one port since it was opened. Every frame that reached the sensor (`received`) is analysed, or dropped
// for a named reason. What the driver and the kernel lost before is counted apart.
struct PortCounters {
    TELLTALE_COUNTERS(PortCounters, TELLTALE_PORT_COUNTERS)
};

// One port: its counters, and its state.
struct PortFigures : PortCounters {
    std::string tap;
    std::string device;  // as configured
    std::string driver;  // DPDK's name: net_af_packet
    model::PortIndex index;

    std::uint64_t unreadable = 0;   // received in pieces that could not be joined: reported as a PortDrop
    bool wire_length_known = true;  // false: of a cut frame the length is what its IP header says
    bool losses_known = true;       // false: the driver does not count what it loses; see `kernel`
    bool has_interface = false;     // `kernel` is set
    InterfaceCounters kernel;
    std::vector<std::pair<std::string, std::uint64_t>> extended;  // the driver's own figures, with its names

    LinkState link;
    TimeSource time_source = TimeSource::wall_clock;
    std::int64_t opened_ns = 0;       // wall clock
    std::int64_t first_frame_ns = 0;  // packet time of the first frame; 0: none yet
    std::int64_t last_frame_ns = 0;   // packet time of the latest frame
    std::int64_t silent_ns = 0;       // time since the last frame, or since the port was opened
    bool blind = false;               // silent for longer than its tap's blind_after_s
    // With two ports on a tap: blind while the other port is not, so that one direction is missing.
    bool one_sided = false;
};

}  // namespace telltale::capture
