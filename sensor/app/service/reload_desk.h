// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "exporters/prometheus/metrics_server.h"

namespace telltale::app {

// Passes requests to reload to the main thread and its answers back. One request at a time; others wait.
class ReloadDesk {
  public:
    static constexpr std::chrono::seconds kLongest{30};

    // Requests a reload and waits for the answer. Any thread but the main one.
    prometheus_http::Answer ask();
    // Serves a request, if there is one. Main thread.
    void serve(const std::function<prometheus_http::Answer()>& reload);
    // Rejects all further requests.
    void close();

  private:
    std::mutex asking_;  // held by the caller of ask()
    std::mutex mutex_;
    std::condition_variable answered_;
    bool asked_ = false;
    bool closed_ = false;
    std::optional<prometheus_http::Answer> answer_;
};

}  // namespace telltale::app
