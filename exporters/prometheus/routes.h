// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "exporters/prometheus/credentials.h"
#include "exporters/prometheus/family_collectable.h"
#include "exporters/prometheus/http_message.h"
#include "exporters/prometheus/metrics_server.h"

namespace telltale::prometheus_http {

// Answers requests by their paths, with the hooks. Any number of threads.
class Routes {
  public:
    // On loopback alone, requests have to name it: a web page cannot reach it by a name of its own (DNS rebinding).
    Routes(Hooks hooks, const ServerConfig& config, bool on_loopback);

    HttpResponse answer(const HttpRequest& request);

  private:
    std::optional<HttpResponse> refuse_stranger(const HttpRequest& request);
    HttpResponse scrape();
    HttpResponse reload(const HttpRequest& request);

    Hooks hooks_;
    Credentials credentials_;
    FamilyCollectable collectable_;
    bool on_loopback_;

    std::mutex scrape_mutex_;
    std::shared_ptr<const std::string> scraped_;
    std::chrono::steady_clock::time_point scraped_at_;

    const std::string reload_secret_;
    const std::chrono::milliseconds reload_interval_;
    std::mutex reload_mutex_;
    std::chrono::steady_clock::time_point reload_again_at_;
};

}  // namespace telltale::prometheus_http
