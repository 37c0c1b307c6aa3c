// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace telltale::prometheus_http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopInterval{50};  // how often a waiting connection checks `stopping`
constexpr milliseconds kGoodbye{200};

void name(const sockaddr_storage& address, std::string& ip, int& port) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof(v4));
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        port = ntohs(v4.sin_port);
    } else if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof(v6));
        inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        port = ntohs(v6.sin6_port);
    }
    ip = text.data();
}

}  // namespace

Connection::Connection(int socket, SSL_CTX* tls, Clock::time_point deadline, std::size_t max_read,
                       const std::atomic<bool>& stopping)
    : socket_(socket), deadline_(deadline), may_read_(max_read), stopping_(stopping) {
    const int flags = fcntl(socket_, F_GETFL);
    failed_ = flags < 0 || fcntl(socket_, F_SETFL, flags | O_NONBLOCK) != 0;
    if (tls == nullptr) return;
    tls_.reset(SSL_new(tls));
    failed_ = failed_ || tls_ == nullptr || SSL_set_fd(tls_.get(), socket_) != 1;
}

Connection::~Connection() {
    say_goodbye();
    close(socket_);
}

// Closing a socket with unread bytes resets the connection, and the answer may be lost.
void Connection::say_goodbye() {
    if (failed_ || stopping_) return;
    ERR_clear_error();
    if (tls_) (void)SSL_shutdown(tls_.get());
    shutdown(socket_, SHUT_WR);
    deadline_ = std::min(deadline_, Clock::now() + kGoodbye);
    for (int reads = 0; reads < 64 && wait(POLLIN); ++reads) {
        if (recv(socket_, buffer_.data(), buffer_.size(), 0) <= 0) return;
    }
}

bool Connection::wait(short events) const {
    while (alive()) {
        const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
        pollfd ready{socket_, events, 0};
        const int result = poll(&ready, 1, static_cast<int>(std::clamp(left, milliseconds{0}, kStopInterval).count()));
        if (result > 0) return true;
        if (result < 0 && errno != EINTR) return false;
    }
    return false;
}

bool Connection::wait_for_tls(int result) {
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ: return wait(POLLIN);
        case SSL_ERROR_WANT_WRITE: return wait(POLLOUT);
        default: failed_ = true; return false;
    }
}

bool Connection::accept() {
    while (alive() && tls_) {
        ERR_clear_error();
        const int result = SSL_accept(tls_.get());
        if (result == 1) break;
        if (!wait_for_tls(result)) return false;
    }
    return alive();
}

ssize_t Connection::receive(char* to, std::size_t size) {
    while (alive()) {
        if (tls_) {
            std::size_t got = 0;
            ERR_clear_error();
            const int result = SSL_read_ex(tls_.get(), to, size, &got);
            if (result == 1) return static_cast<ssize_t>(got);
            if (SSL_get_error(tls_.get(), result) == SSL_ERROR_ZERO_RETURN) return 0;
            if (!wait_for_tls(result)) return -1;
            continue;
        }
        const ssize_t got = recv(socket_, to, size, 0);
        if (got >= 0) return got;
        if (errno != EAGAIN && errno != EINTR) failed_ = true;
        if (failed_ || !wait(POLLIN)) return -1;
    }
    return -1;
}

ssize_t Connection::read(char* to, std::size_t size) {
    if (buffer_begin_ == buffer_end_) {
        // A request that is too large ends here, like one that takes too long.
        const std::size_t room = std::min(buffer_.size(), may_read_);
        if (room == 0) return -1;
        const ssize_t got = receive(buffer_.data(), room);
        if (got <= 0) return got;
        buffer_begin_ = 0;
        buffer_end_ = static_cast<std::size_t>(got);
        may_read_ -= buffer_end_;
    }
    const std::size_t taken = std::min(size, buffer_end_ - buffer_begin_);
    std::memcpy(to, buffer_.data() + buffer_begin_, taken);
    buffer_begin_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t Connection::send_some(const char* from, std::size_t size) {
    while (alive()) {
        if (tls_) {
            std::size_t sent = 0;
            ERR_clear_error();
            const int result = SSL_write_ex(tls_.get(), from, size, &sent);
            if (result == 1) return static_cast<ssize_t>(sent);
            if (!wait_for_tls(result)) return -1;
            continue;
        }
        const ssize_t sent = send(socket_, from, size, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EAGAIN && errno != EINTR) failed_ = true;
        if (failed_ || !wait(POLLOUT)) return -1;
    }
    return -1;
}

ssize_t Connection::write(const char* from, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
        const ssize_t sent = send_some(from + done, size - done);
        if (sent < 0) return -1;
        done += static_cast<std::size_t>(sent);
    }
    return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) name(address, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) name(address, ip, port);
}

}  // namespace telltale::prometheus_http
