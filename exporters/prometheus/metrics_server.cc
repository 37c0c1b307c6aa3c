// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/metrics_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "exporters/prometheus/answering_threads.h"
#include "exporters/prometheus/connection.h"
#include "exporters/prometheus/listener.h"
#include "exporters/prometheus/routes.h"
#include "exporters/prometheus/tls_context.h"

namespace telltale::prometheus_http {
namespace {

using Clock = Connection::Clock;
using std::chrono::milliseconds;

constexpr milliseconds kLongestRest{1'000};
// When accept() fails, such as for a lack of descriptors, the clients wait in the kernel's backlog.
constexpr milliseconds kAcceptPause{100};

// Wakes a thread that polls. Any thread.
class Wake {
  public:
    Wake() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    ~Wake() { close(event_); }
    Wake(const Wake&) = delete;
    Wake& operator=(const Wake&) = delete;

    [[nodiscard]] int descriptor() const { return event_; }
    void ring() const { (void)eventfd_write(event_, 1); }
    void quiet() const {
        eventfd_t rung = 0;
        (void)eventfd_read(event_, &rung);
    }

  private:
    int event_;
};

class Server final : public MetricsServer {
  public:
    Server(Listener listener, TlsContext tls, const ServerConfig& config, Hooks hooks)
        : listener_(std::move(listener)),
          tls_(std::move(tls)),
          limit_(config.connection_limit),
          routes_(std::move(hooks), config, listener_.on_loopback()),
          answering_(
              kThreads, [this](const HttpRequest& request) { return routes_.answer(request); },
              [this] { wake_.ring(); }),
          network_([this] { run(); }) {}
    ~Server() override {
        stopping_ = true;
        wake_.ring();
        network_.join();
    }

    [[nodiscard]] std::uint16_t port() const override { return listener_.port(); }
    [[nodiscard]] bool on_loopback() const override { return listener_.on_loopback(); }

  private:
    struct Client {
        std::uint64_t number = 0;
        std::unique_ptr<Connection> connection;
    };

    void run();
    // Waits until something can be done; advances the connections that can be.
    void wait();
    void accept_clients();
    // Closes the connection that has waited longest for its client. Returns false if all wait for an answer.
    bool make_room();
    void hand_over_answers();
    void close_ended();

    Listener listener_;
    TlsContext tls_;
    milliseconds limit_;
    Wake wake_;
    std::atomic<bool> stopping_{false};
    Routes routes_;
    // Only of the network's thread, oldest first.
    std::vector<Client> clients_;
    std::uint64_t last_number_ = 0;
    Clock::time_point accept_again_at_;

    AnsweringThreads answering_;
    std::thread network_;
};

void Server::run() {
    while (!stopping_) {
        wait();
        hand_over_answers();
        accept_clients();
        close_ended();
    }
    clients_.clear();
}

void Server::wait() {
    const Clock::time_point now = Clock::now();
    Clock::time_point until = now + kLongestRest;
    std::vector<pollfd> polled;
    for (const Client& client : clients_) {
        // One that waits for its answer is left alone, also if it hangs up.
        const bool waits = client.connection->state() == Connection::State::asked;
        polled.push_back({waits ? -1 : client.connection->socket(), client.connection->events(), 0});
        if (!waits) until = std::min(until, client.connection->deadline());
    }
    polled.push_back({wake_.descriptor(), POLLIN, 0});
    const bool accepts = now >= accept_again_at_;
    polled.push_back({accepts ? listener_.socket() : -1, POLLIN, 0});
    if (!accepts) until = std::min(until, accept_again_at_);
    const auto rest = std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(until - now));
    if (poll(polled.data(), polled.size(), static_cast<int>(rest.count())) <= 0) return;
    wake_.quiet();
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        if (polled[i].revents == 0) continue;
        Connection& connection = *clients_[i].connection;
        connection.advance();
        if (connection.state() == Connection::State::asked) answering_.ask(clients_[i].number, connection.request());
    }
}

void Server::hand_over_answers() {
    for (auto& [number, response] : answering_.take()) {
        const auto found = std::find_if(clients_.begin(), clients_.end(),
                                        [number = number](const Client& client) { return client.number == number; });
        if (found != clients_.end()) found->connection->answer(response);
    }
}

void Server::accept_clients() {
    if (Clock::now() < accept_again_at_) return;
    for (std::size_t accepted = 0; accepted < kMaxConnections; ++accepted) {
        const int socket = listener_.accept();
        if (socket < 0) {
            if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
                accept_again_at_ = Clock::now() + kAcceptPause;
            return;
        }
        // One that waits for its answer stays: so no more requests wait than there may be connections.
        if (!make_room()) {
            close(socket);
            continue;
        }
        clients_.push_back({++last_number_, std::make_unique<Connection>(socket, tls_.get(), limit_)});
    }
}

bool Server::make_room() {
    if (clients_.size() < kMaxConnections) return true;
    const auto oldest = std::find_if(clients_.begin(), clients_.end(), [](const Client& client) {
        return client.connection->state() != Connection::State::asked;
    });
    if (oldest == clients_.end()) return false;
    clients_.erase(oldest);
    return true;
}

void Server::close_ended() {
    const Clock::time_point now = Clock::now();
    std::erase_if(clients_, [now](const Client& client) {
        const Connection& connection = *client.connection;
        const bool late = connection.state() != Connection::State::asked && now >= connection.deadline();
        return late || connection.state() == Connection::State::over;
    });
}

}  // namespace

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const ServerConfig& config, Hooks hooks) {
    TlsContext tls;
    if (config.tls_certificate.empty() != config.tls_key.empty()) {
        return base::Error{"metrics: tls_certificate and tls_key must both be set, or neither"};
    }
    if (!config.tls_client_ca.empty() && config.tls_certificate.empty()) {
        return base::Error{"metrics: tls_client_ca needs tls_certificate and tls_key"};
    }
    if (!config.tls_certificate.empty()) {
        base::Result<TlsContext> made = make_tls_context(config.tls_certificate, config.tls_key, config.tls_client_ca);
        if (!made) return made.error();
        tls = std::move(*made);
    }
    base::Result<Listener> listener = Listener::open(config.address, config.port);
    if (!listener) return listener.error();
    return std::unique_ptr<MetricsServer>(
        std::make_unique<Server>(std::move(*listener), std::move(tls), config, std::move(hooks)));
}

}  // namespace telltale::prometheus_http
