// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporters/prometheus/metric_family.h"
#include "sensor/base/result.h"

namespace telltale::prometheus_http {

struct ServerConfig {
    std::string address = "127.0.0.1";  // or ::1, a host name, 0.0.0.0
    std::uint16_t port = 9464;          // 0: any free port, see port()
    // TLS 1.2 or later, when both are set.
    std::filesystem::path tls_certificate;  // PEM, with its chain
    std::filesystem::path tls_key;          // PEM, without a pass phrase
    // A connection whose request and answer take longer is closed.
    std::chrono::milliseconds connection_limit{5'000};
};

// Answer of a path: 200, or 503 (reload: 500), with the text.
struct Answer {
    bool ok = true;
    std::string text;
};

// Called on the server's threads: collect by one at a time and at most once per kCollectInterval, reload by one at a
// time, the others by several. They must not wait for workers. A hook that is not set answers 200 (reload: 404).
struct Hooks {
    std::function<std::vector<Family>()> collect;  // GET /metrics
    std::function<Answer()> healthy;               // GET /-/healthy: the process runs
    std::function<Answer()> ready;                 // GET /-/ready: it sees packets, or could
    std::function<Answer()> reload;                // POST /-/reload: returns when it is done
};

// Faster scrapes get the same text again.
inline constexpr std::chrono::milliseconds kCollectInterval{100};

// HTTP server for Prometheus and administrators. A fixed number of threads, one request per connection, a bounded
// number of connections (more wait in the kernel), bounded requests and times: many scrapes or slow clients only make
// others wait their turn. Serves from start() until destruction, which takes about 100 ms and as long as a running
// hook.
class MetricsServer {
  public:
    static constexpr std::size_t kThreads = 4;
    static constexpr std::size_t kQueuedConnections = 16;
    static constexpr std::size_t kMaxRequestBytes = 16 * 1024;

    // The error says what to do, for example if the port is in use.
    static base::Result<std::unique_ptr<MetricsServer>> start(const ServerConfig& config, Hooks hooks);
    virtual ~MetricsServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace telltale::prometheus_http
