// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/connection.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <variant>

namespace telltale::prometheus_http {
namespace {

constexpr std::chrono::milliseconds kGoodbye{200};
constexpr std::size_t kReadBytes = 4096;
constexpr int kReadsAtOnce = 16;

}  // namespace

Connection::Connection(int socket, SSL_CTX* tls, std::chrono::milliseconds limit)
    : socket_(socket), limit_(limit), deadline_(Clock::now() + limit) {
    const int flags = fcntl(socket_, F_GETFL);
    bool sound = flags >= 0 && fcntl(socket_, F_SETFL, flags | O_NONBLOCK) == 0;
    if (tls != nullptr) {
        tls_.reset(SSL_new(tls));
        sound = sound && tls_ != nullptr && SSL_set_fd(tls_.get(), socket_) == 1;
        if (sound) SSL_set_accept_state(tls_.get());
    }
    if (!sound) state_ = State::over;
}

Connection::~Connection() { close(socket_); }

short Connection::events() const {
    if (state_ == State::asked) return 0;
    if (tls_wants_write_) return POLLOUT;
    if (tls_wants_read_) return POLLIN;
    return state_ == State::sending ? POLLOUT : POLLIN;
}

void Connection::advance() {
    if (state_ == State::reading) read();
    if (state_ == State::sending) send();
    if (state_ == State::leaving) drain();
}

void Connection::answer(const HttpResponse& response) {
    head_ = head_of(response);
    if (request_.method != "HEAD") body_ = response.body;
    state_ = State::sending;
    deadline_ = Clock::now() + limit_;
    send();
}

void Connection::read() {
    if (!shake_hands()) return;
    std::array<char, kReadBytes> buffer;
    while (state_ == State::reading) {
        const ssize_t got = receive(buffer.data(), buffer.size());
        if (got == 0) state_ = State::over;
        if (got <= 0) return;
        received_.append(buffer.data(), static_cast<std::size_t>(got));
        HeadReading reading = read_request(received_);
        if (auto* const request = std::get_if<HttpRequest>(&reading)) {
            request_ = std::move(*request);
            state_ = State::asked;
        } else if (const auto* const refusal = std::get_if<HttpResponse>(&reading)) {
            answer(*refusal);
        }
    }
}

void Connection::send() {
    const std::size_t body_bytes = body_ ? body_->size() : 0;
    while (state_ == State::sending && sent_ < head_.size() + body_bytes) {
        const bool in_head = sent_ < head_.size();
        const std::string& part = in_head ? head_ : *body_;
        const std::size_t from = in_head ? sent_ : sent_ - head_.size();
        const ssize_t sent = send_some(part.data() + from, part.size() - from);
        if (sent <= 0) return;
        sent_ += static_cast<std::size_t>(sent);
    }
    if (state_ == State::sending) leave();
}

// Closing a socket with unread bytes resets the connection, and the answer may be lost: so the client closes first, or
// gets a moment to.
void Connection::leave() {
    ERR_clear_error();
    if (tls_) (void)SSL_shutdown(tls_.get());
    shutdown(socket_, SHUT_WR);
    tls_wants_read_ = tls_wants_write_ = false;
    state_ = State::leaving;
    deadline_ = std::min(deadline_, Clock::now() + kGoodbye);
}

void Connection::drain() {
    std::array<char, kReadBytes> buffer;
    for (int reads = 0; reads < kReadsAtOnce; ++reads) {
        const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) state_ = State::over;
        if (got <= 0) return;
    }
}

bool Connection::shake_hands() {
    if (!tls_ || SSL_is_init_finished(tls_.get()) != 0) return true;
    ERR_clear_error();
    return outcome(SSL_do_handshake(tls_.get()), 1) > 0;
}

ssize_t Connection::receive(char* to, std::size_t size) {
    if (!tls_) return outcome(recv(socket_, to, size, 0));
    std::size_t got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(tls_.get(), to, size, &got);
    return outcome(result, got);
}

ssize_t Connection::send_some(const char* from, std::size_t size) {
    if (!tls_) return outcome(::send(socket_, from, size, MSG_NOSIGNAL));
    std::size_t sent = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(tls_.get(), from, size, &sent);
    return outcome(result, sent);
}

ssize_t Connection::outcome(int tls_result, std::size_t bytes) {
    tls_wants_read_ = tls_wants_write_ = false;
    if (tls_result == 1) return static_cast<ssize_t>(bytes);
    switch (SSL_get_error(tls_.get(), tls_result)) {
        case SSL_ERROR_WANT_READ: tls_wants_read_ = true; return -1;
        case SSL_ERROR_WANT_WRITE: tls_wants_write_ = true; return -1;
        case SSL_ERROR_ZERO_RETURN: return 0;
        default: state_ = State::over; return -1;
    }
}

ssize_t Connection::outcome(ssize_t bytes) {
    if (bytes < 0 && errno != EAGAIN && errno != EINTR) state_ = State::over;
    return bytes;
}

}  // namespace telltale::prometheus_http
