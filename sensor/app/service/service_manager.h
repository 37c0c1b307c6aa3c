// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace telltale::app {

// The way to systemd (sd_notify(3)): says when the sensor is ready, reloads, stops, and that it is alive. Says nothing
// where no service manager listens. One thread.
class ServiceManager {
  public:
    static void ready();
    static void reloading();
    static void stopping();
    static void status(const std::string& sentence);
    static void alive();
    // How often alive() must be said at least; 0: nobody waits for it.
    static std::chrono::microseconds watchdog_limit();
};

// Whether workers work: a worker's loop turns many times a second, also without traffic. One thread.
class Heartbeats {
  public:
    // Whether one of the hearts has moved since the last call. Of workers that come and go all are looked at anew.
    bool moved(const std::vector<std::uint64_t>& hearts);

  private:
    std::vector<std::uint64_t> last_;
};

}  // namespace telltale::app
