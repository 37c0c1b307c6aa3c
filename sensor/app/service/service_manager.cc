// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/service_manager.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "sensor/app/service/service_log.h"

namespace telltale::app {

void ServiceManager::ready() { sd_notify(0, "READY=1"); }

void ServiceManager::reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const std::int64_t now_us = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now_us).c_str());
}

void ServiceManager::stopping() { sd_notify(0, "STOPPING=1"); }

void ServiceManager::status(const std::string& sentence) { sd_notify(0, ("STATUS=" + harmless(sentence)).c_str()); }

void ServiceManager::alive() { sd_notify(0, "WATCHDOG=1"); }

std::chrono::microseconds ServiceManager::watchdog_limit() {
    std::uint64_t limit_us = 0;
    return std::chrono::microseconds(sd_watchdog_enabled(0, &limit_us) > 0 ? limit_us : 0);
}

bool Heartbeats::moved(const std::vector<std::uint64_t>& hearts) {
    bool any = hearts.size() != last_.size();
    for (std::size_t i = 0; !any && i < hearts.size(); ++i) any = hearts[i] != last_[i];
    last_ = hearts;
    return any;
}

}  // namespace telltale::app
