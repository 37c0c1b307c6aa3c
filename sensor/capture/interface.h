// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sensor/base/result.h"

namespace telltale::capture {

// A network interface of the kernel, before a port is opened on it.
struct InterfaceState {
    bool promiscuous = false;  // somebody has asked for it already
};

// Whether this process may capture on `name` with a packet ring of `ring_bytes` of locked memory. The error names what
// is missing (interface, link, rights, memory) and the command that mends it.
base::Result<InterfaceState> check_interface(const std::string& name, std::uint64_t ring_bytes);

// What the kernel counted on the interface since it exists; zeros where it does not say.
struct InterfaceCounters {
    std::uint64_t received_packets = 0;
    std::uint64_t sent_packets = 0;
    std::uint64_t receive_dropped = 0;
};
InterfaceCounters read_interface_counters(const std::string& name);

// Whether the interface is up and has a link. False also when it is gone.
bool has_carrier(const std::string& name);

}  // namespace telltale::capture
