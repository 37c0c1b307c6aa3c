// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sensor/base/counters.h"
#include "sensor/base/result.h"

namespace telltale::capture {

// A network interface of the kernel, before a port opens it.
struct InterfaceState {
    bool promiscuous = false;  // another program has set it already
};

// Checks that this process may capture on `name` with a packet ring of `ring_bytes` of locked memory. The error names
// what is missing (interface, link, rights, memory) and the command that fixes it.
base::Result<InterfaceState> check_interface(const std::string& name, std::uint64_t ring_bytes);

#define TELLTALE_INTERFACE_COUNTERS(X)                                                     \
    X(received_packets, counter, "Packets received, as counted by the kernel's interface") \
    X(sent_packets, counter, "Packets sent, as counted by the kernel's interface")         \
    X(dropped_packets, counter, "Received packets dropped, as counted by the kernel's interface")

// The kernel's counters of the interface since it was created; 0 if they cannot be read.
struct InterfaceCounters {
    TELLTALE_COUNTERS(InterfaceCounters, TELLTALE_INTERFACE_COUNTERS)
};
InterfaceCounters read_interface_counters(const std::string& name);

// Returns whether the interface is up and has a link; false also if it does not exist any more.
bool has_carrier(const std::string& name);

}  // namespace telltale::capture
