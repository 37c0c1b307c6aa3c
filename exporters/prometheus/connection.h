// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "exporters/prometheus/http_message.h"

namespace telltale::prometheus_http {

// A client's connection: one request, one answer; TLS if a context is given. Nothing here waits: whoever owns it polls
// the socket for events() and calls advance(). Owns the socket. Single-threaded.
class Connection {
  public:
    using Clock = std::chrono::steady_clock;
    enum class State : std::uint8_t {
        reading,  // the request is not there yet
        asked,    // request() waits for answer()
        sending,  // the answer
        leaving,  // it is sent: the client may still send, or read
        over,
    };

    // It has to ask, and to take the answer, within `limit` each.
    Connection(int socket, SSL_CTX* tls, std::chrono::milliseconds limit);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] short events() const;  // POLLIN or POLLOUT; 0 while it waits for an answer
    [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
    [[nodiscard]] const HttpRequest& request() const { return request_; }

    // Reads and writes what is possible now.
    void advance();
    void answer(const HttpResponse& response);

  private:
    struct FreeTls {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };

    void read();
    void send();
    void leave();
    void drain();
    bool shake_hands();
    // As recv and send: the bytes; 0 at the end; -1 where nothing is possible now or, with state over, ever.
    ssize_t receive(char* to, std::size_t size);
    ssize_t send_some(const char* from, std::size_t size);
    ssize_t outcome(int tls_result, std::size_t bytes);
    ssize_t outcome(ssize_t bytes);

    int socket_;
    std::unique_ptr<SSL, FreeTls> tls_;
    std::chrono::milliseconds limit_;
    Clock::time_point deadline_;
    State state_ = State::reading;
    bool tls_wants_write_ = false;
    bool tls_wants_read_ = false;
    std::string received_;
    HttpRequest request_;
    std::string head_;
    std::shared_ptr<const std::string> body_;
    std::size_t sent_ = 0;  // of head and body together
};

}  // namespace telltale::prometheus_http
