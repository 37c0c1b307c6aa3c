// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/result.h"

namespace telltale::capture {

// How DPDK's environment is started: once per process, before the first port.
struct EalConfig {
    bool hugepages = false;
    std::vector<std::string> cards;    // PCI addresses; if empty, DPDK does not scan the PCI bus
    std::vector<std::string> options;  // DPDK's own options; they follow ours
    std::uint64_t memory_bytes = 0;    // without hugepages, all the memory that DPDK gets
};

// DPDK's environment: without hugepages, or with hugepages but no files shared with other processes. DPDK starts only
// once per process: it cannot restart after it was stopped, so it stays until the process ends, and later calls return
// at once. Call start_eal() on the main thread before there are others. Output of DPDK's start does not go to standard
// error; errors quote it. DPDK pins the thread that starts it to one core; start_eal() undoes that, so that later
// threads may run anywhere.
base::Status start_eal(const EalConfig& config);

// Returns the first line of DPDK's output that reports a failure, without its prefix; empty if no line does.
std::string failure_in(const std::string& log);

}  // namespace telltale::capture
