// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "exporters/prometheus/metrics_server.h"

namespace telltale::app {

// Where a request to reload meets the main thread, which alone reloads. One request at a time; others wait their turn.
class ReloadDesk {
  public:
    static constexpr std::chrono::seconds kLongest{30};

    // Any thread but the main one: asks and waits for the answer.
    prometheus_http::Answer ask();
    // The main thread: does what is asked for, if anything is.
    void serve(const std::function<prometheus_http::Answer()>& reload);
    // Nobody is served any more.
    void close();

  private:
    std::mutex asking_;  // held by who asks
    std::mutex mutex_;
    std::condition_variable answered_;
    bool asked_ = false;
    bool closed_ = false;
    std::optional<prometheus_http::Answer> answer_;
};

}  // namespace telltale::app
