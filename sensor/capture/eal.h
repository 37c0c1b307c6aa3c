// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sensor/base/result.h"

namespace telltale::capture {

struct EalConfig {
    std::vector<std::string> vdevs;  // "net_af_packet0,iface=eth0,..."
};

// DPDK's environment, without hugepages, PCI devices and files shared with other processes. One a process, and only
// once: DPDK cannot be started again after it was stopped. Start it on the main thread before there are others; ports
// go before it does. What DPDK says while it starts is kept (log()), and shown to nobody unless it fails. It pins the
// thread that starts it to one core: that is undone, so that threads made later may run anywhere.
class Eal {
  public:
    static base::Result<std::unique_ptr<Eal>> start(const EalConfig& config);
    ~Eal();
    Eal(const Eal&) = delete;
    Eal& operator=(const Eal&) = delete;

    // The lines that DPDK wrote while it started; what a device said that it could not do stands here.
    [[nodiscard]] const std::string& log() const { return log_; }

  private:
    Eal() = default;

    std::string log_;
};

// Of lines that DPDK wrote: the first that speaks of a failure, without its prefix; empty when none does.
std::string failure_in(const std::string& log);

}  // namespace telltale::capture
