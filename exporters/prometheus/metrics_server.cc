// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/metrics_server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "exporters/prometheus/connection.h"
#include "exporters/prometheus/connection_queue.h"
#include "exporters/prometheus/family_collectable.h"
#include "exporters/prometheus/tls_context.h"

namespace telltale::prometheus_http {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr std::size_t kMaxBody = 4096;  // no request here needs one
constexpr int kBacklog = 64;
constexpr std::chrono::milliseconds kRebindInterval{200};

// The queue that the library passes its connections to.
class Handover final : public httplib::TaskQueue {
  public:
    explicit Handover(ConnectionQueue& queue) : queue_(queue) {}
    void enqueue(std::function<void()> task) override { queue_.enqueue(std::move(task)); }
    void shutdown() override {}

  private:
    ConnectionQueue& queue_;
};

// The library with our own connections: one request each, with a deadline that a client cannot extend.
class HttpServer final : public httplib::Server {
  public:
    HttpServer(TlsContext tls, std::chrono::milliseconds connection_limit)
        : tls_(std::move(tls)), connection_limit_(connection_limit) {
        // The library's default would let a second sensor share the port and get half of the scrapes.
        set_socket_options([](socket_t socket) {
            const int yes = 1;
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        });
    }

    // Returns the port that the socket is bound to, or -1.
    int bind(const std::string& address, int port) {
        if (port == 0) {
            port = bind_to_any_port(address);
        } else if (!bind_to_port(address, port)) {
            port = -1;
        }
        if (port > 0) ::listen(svr_sock_, kBacklog);  // the library's own backlog is 5
        return port;
    }
    // Releases the socket, which the caller closes; -1 without one.
    int take_socket() {
        const int socket = svr_sock_.exchange(INVALID_SOCKET);
        if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
        return socket;
    }
    void forget_socket() { svr_sock_ = INVALID_SOCKET; }

    std::atomic<bool> stopping{false};

  private:
    bool process_and_close_socket(socket_t socket) override {
        Connection connection(socket, tls_.get(), Connection::Clock::now() + connection_limit_,
                              MetricsServer::kMaxRequestBytes, stopping);
        bool closed = false;
        return connection.accept() && process_request(connection, true, closed, [](httplib::Request&) {});
    }

    TlsContext tls_;
    std::chrono::milliseconds connection_limit_;
};

void answer(httplib::Response& response, const Answer& answer, int status_if_not) {
    response.status = answer.ok ? 200 : status_if_not;
    response.set_content(answer.text + "\n", kText);
}

class Server final : public MetricsServer {
  public:
    Server(TlsContext tls, const ServerConfig& config, Hooks hooks)
        : address_(config.address),
          hooks_(std::move(hooks)),
          collectable_(hooks_.collect),
          http_(std::move(tls), config.connection_limit) {
        http_.new_task_queue = [this] { return new Handover(queue_); };
        http_.set_payload_max_length(kMaxBody);
        add_routes();
    }
    ~Server() override;

    base::Status listen(std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const override { return port_; }

  private:
    void add_routes();
    void add_state(const char* path, const std::function<Answer()>& hook);
    void reload(const httplib::Request& request, httplib::Response& response);
    std::string scrape();
    void accept_connections();

    std::string address_;
    Hooks hooks_;
    FamilyCollectable collectable_;
    HttpServer http_;
    std::uint16_t port_ = 0;

    std::mutex reload_mutex_;
    std::mutex scrape_mutex_;
    std::string scraped_;
    std::chrono::steady_clock::time_point scraped_at_{};

    ConnectionQueue queue_{kThreads, kQueuedConnections};  // destroyed first: its threads use the other members
    std::thread accepting_;
};

Server::~Server() {
    http_.stopping = true;
    queue_.stop_waiting();
    const int socket = http_.take_socket();
    if (accepting_.joinable()) accepting_.join();
    if (socket >= 0) close(socket);
}

// The library gives up after transient errors of accept(), such as a lack of memory.
void Server::accept_connections() {
    while (true) {
        (void)http_.listen_after_bind();
        if (http_.stopping) return;
        http_.forget_socket();  // it was closed
        std::this_thread::sleep_for(kRebindInterval);
        (void)http_.bind(address_, port_);
        if (!http_.stopping) continue;
        if (const int socket = http_.take_socket(); socket >= 0) close(socket);
        return;
    }
}

std::string Server::scrape() {
    const std::lock_guard lock(scrape_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (scraped_at_ == std::chrono::steady_clock::time_point{} || now - scraped_at_ >= kCollectInterval) {
        scraped_ = to_text(collectable_);
        scraped_at_ = now;
    }
    return scraped_;
}

void Server::add_state(const char* path, const std::function<Answer()>& hook) {
    http_.Get(path, [&hook](const httplib::Request&, httplib::Response& response) {
        answer(response, hook ? hook() : Answer{true, "ok"}, 503);
    });
}

void Server::reload(const httplib::Request& request, httplib::Response& response) {
    // Browsers send the origin of a page that posts; Prometheus' tools and curl do not.
    if (request.has_header("Origin")) {
        answer(response, {false, "web pages may not reload the configuration"}, 403);
    } else if (!hooks_.reload) {
        answer(response, {false, "nothing can be reloaded"}, 404);
    } else {
        const std::lock_guard lock(reload_mutex_);
        answer(response, hooks_.reload(), 500);
    }
}

void Server::add_routes() {
    http_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
        response.set_content(scrape(), std::string(kContentType));
    });
    add_state("/-/healthy", hooks_.healthy);
    add_state("/-/ready", hooks_.ready);
    // A handler with a reader that it does not use: otherwise a request without a length, as sent by curl -X POST,
    // would be read to the end of the connection.
    http_.Post("/-/reload", [this](const httplib::Request& request, httplib::Response& response,
                                   const httplib::ContentReader&) { reload(request, response); });
    http_.Get("/-/reload", [](const httplib::Request&, httplib::Response& response) {
        response.set_header("Allow", "POST");
        answer(response, {false, "reload with POST, as in: curl -X POST .../-/reload"}, 405);
    });
    http_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
        if (!response.body.empty()) return;
        answer(response, {false, "there are GET /metrics, GET /-/healthy, GET /-/ready and POST /-/reload"},
               response.status);
    });
    http_.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
        answer(response, {false, "internal error"}, 500);
    });
}

std::string why_not_bound(const std::string& address, std::uint16_t port, int reason) {
    const std::string number = std::to_string(port);
    const std::string text = "metrics: cannot listen on " + address + " port " + number + ": ";
    switch (reason) {
        case EADDRINUSE:
            return text + "another program has it; `ss -ltnp 'sport = :" + number +
                   "'` shows which one, or choose another port";
        case EACCES: return text + "ports below 1024 need CAP_NET_BIND_SERVICE; choose a higher one";
        case 0:  // the name was not found
        case EADDRNOTAVAIL: return text + "this machine does not have the address; `ip address` shows those it has";
        default: return text + std::strerror(reason);
    }
}

base::Status Server::listen(std::uint16_t port) {
    errno = 0;
    const int bound = http_.bind(address_, port);
    if (bound <= 0) return base::Error{why_not_bound(address_, port, errno)};
    port_ = static_cast<std::uint16_t>(bound);
    accepting_ = std::thread([this] { accept_connections(); });
    return base::Done{};
}

}  // namespace

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const ServerConfig& config, Hooks hooks) {
    TlsContext tls;
    if (config.tls_certificate.empty() != config.tls_key.empty()) {
        return base::Error{"metrics: tls_certificate and tls_key must both be set, or neither"};
    }
    if (!config.tls_certificate.empty()) {
        base::Result<TlsContext> made = make_tls_context(config.tls_certificate, config.tls_key);
        if (!made) return made.error();
        tls = std::move(*made);
    }
    auto server = std::make_unique<Server>(std::move(tls), config, std::move(hooks));
    if (base::Status status = server->listen(config.port); !status) return status.error();
    return std::unique_ptr<MetricsServer>(std::move(server));
}

}  // namespace telltale::prometheus_http
