// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "exporters/prometheus/metrics_server.h"

namespace telltale::prometheus_http {

// A socket that speaks no HTTP by itself.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        const timeval limit{20, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    }
    ~RawClient() { close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool send(const std::string& text) const {
        return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    void end() const { shutdown(socket_, SHUT_WR); }
    // Until the server closes; "timeout" when it does not.
    std::string receive() const {
        std::string all;
        std::array<char, 4096> buffer{};
        while (true) {
            const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
            if (got > 0) {
                all.append(buffer.data(), static_cast<std::size_t>(got));
            } else {
                return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? "timeout" : all;
            }
        }
    }

  private:
    int socket_;
};

// A server of metrics on a free port of loopback.
class PrometheusServerTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

    void start(ServerConfig config = {}, Hooks hooks = {}) {
        config.port = 0;
        if (!hooks.collect) {
            hooks.collect = [this] {
                const double count = ++collected_;
                return std::vector<Family>{
                    {"telltale_scrapes_total", "Scrapes.", MetricType::counter, {{{}, count}}, {}}};
            };
        }
        base::Result<std::unique_ptr<MetricsServer>> started = MetricsServer::start(config, std::move(hooks));
        ASSERT_TRUE(started) << started.error().text;
        server_ = std::move(*started);
    }
    [[nodiscard]] httplib::Client client() const { return httplib::Client("127.0.0.1", server_->port()); }

    std::atomic<int> collected_ = 0;
    std::unique_ptr<MetricsServer> server_;
};

}  // namespace telltale::prometheus_http
