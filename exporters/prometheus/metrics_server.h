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

#include "exporters/prometheus/credentials.h"
#include "exporters/prometheus/metric_family.h"
#include "sensor/base/result.h"

namespace telltale::prometheus_http {

struct ServerConfig {
    std::string address = "127.0.0.1";  // or ::1, a host name, 0.0.0.0
    std::uint16_t port = 9464;          // 0: any free port, see port()
    // TLS 1.2 or later, when both are set. The process has to ignore SIGPIPE.
    std::filesystem::path tls_certificate;  // PEM, with its chain
    std::filesystem::path tls_key;          // PEM, without a pass phrase
    // With TLS: only clients with a certificate that one of these CAs has signed (PEM). Empty: all clients.
    std::filesystem::path tls_client_ca;
    Users users;  // empty: nobody needs a password
    // Who has it may reload, and needs no password for that. Empty: nobody may reload over HTTP.
    std::string reload_secret;
    // A client that takes longer to ask, or to read the answer, is cut off.
    std::chrono::milliseconds connection_limit{5'000};
    std::chrono::milliseconds reload_interval{1'000};  // reloads follow each other no faster
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
    std::function<Answer()> reload;                // POST /-/reload, with the secret: returns when it is done
};

// Faster scrapes get the same text again.
inline constexpr std::chrono::milliseconds kCollectInterval{100};

// HTTP server for Prometheus and administrators: one request per connection. One thread has all connections and never
// waits for one of them; a few others call the hooks. So clients that are silent, slow to ask or slow to read cost
// others nothing. Of kMaxConnections connections the oldest that is not being answered makes room for a new one. Serves
// from start() until destruction, which takes as long as a running hook.
class MetricsServer {
  public:
    static constexpr std::size_t kThreads = 4;
    static constexpr std::size_t kMaxConnections = 64;

    // The error says what to do, for example if the port is in use.
    static base::Result<std::unique_ptr<MetricsServer>> start(const ServerConfig& config, Hooks hooks);
    virtual ~MetricsServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    // Returns whether only this machine reaches it.
    [[nodiscard]] virtual bool on_loopback() const = 0;
};

}  // namespace telltale::prometheus_http
