// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace telltale::app {

// Notifies systemd (sd_notify(3)) that the sensor is ready, reloads, stops or is alive. Does nothing without a service
// manager. Single-threaded.
class ServiceManager {
  public:
    static void ready();
    static void reloading();
    static void stopping();
    static void status(const std::string& sentence);
    static void alive();
    // Returns the interval within which alive() must be called; 0: no watchdog.
    static std::chrono::microseconds watchdog_limit();
};

// Detects stuck workers: a worker's loop runs many times per second, also without traffic. Single-threaded.
class Heartbeats {
  public:
    // Returns whether any heartbeat has changed since the last call, or their number has.
    bool moved(const std::vector<std::uint64_t>& hearts);

  private:
    std::vector<std::uint64_t> last_;
};

}  // namespace telltale::app
