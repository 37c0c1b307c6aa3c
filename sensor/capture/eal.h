// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/result.h"

namespace telltale::capture {

struct EalConfig {
    bool hugepages = false;
    std::vector<std::string> cards;    // PCI addresses; none: the PCI bus is left alone
    std::vector<std::string> options;  // behind ours, as DPDK's manual has them
    std::uint64_t memory_bytes = 0;    // without hugepages all that DPDK will ever have
};

// DPDK's environment: without hugepages, or with them but without files shared with other processes. One a process, and
// only once: DPDK cannot be started again after it was stopped, so it stays until the process ends, and a second start
// finds the first. Start it on the main thread before there are others. What DPDK says while it starts is kept from
// standard error and told where it fails. It pins the thread that starts it to one core: that is undone, so that
// threads made later may run anywhere.
base::Status start_eal(const EalConfig& config);

// Of lines that DPDK wrote: the first that speaks of a failure, without its prefix; empty when none does.
std::string failure_in(const std::string& log);

}  // namespace telltale::capture
