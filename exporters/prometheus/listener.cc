// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace telltale::prometheus_http {
namespace {

constexpr int kBacklog = 64;

struct FreeAddresses {
    void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// Null: the address is not one of this machine's, or there is no such name.
Addresses look_up(const std::string& address, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return nullptr;
    return Addresses(found);
}

std::string why_not_bound(const std::string& address, std::uint16_t port, int reason) {
    const std::string number = std::to_string(port);
    const std::string text = "metrics: cannot listen on " + address + " port " + number + ": ";
    switch (reason) {
        case EADDRINUSE:
            return text + "another program has it; `ss -ltnp 'sport = :" + number +
                   "'` shows which one, or choose another port";
        case EACCES: return text + "ports below 1024 need CAP_NET_BIND_SERVICE; choose a higher one";
        case EADDRNOTAVAIL: return text + "this machine does not have the address; `ip address` shows those it has";
        default: return text + std::strerror(reason);
    }
}

bool is_loopback(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24U) == IN_LOOPBACKNET;
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

std::uint16_t port_of(const sockaddr_storage& address) {
    // The port has the same place in both families.
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
}

}  // namespace

base::Result<Listener> Listener::open(const std::string& address, std::uint16_t port) {
    const Addresses addresses = look_up(address, port);
    int reason = EADDRNOTAVAIL;
    for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
        Listener listener(::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        // Without SO_REUSEPORT, by which a second sensor would share the port and get half of the scrapes.
        const int yes = 1;
        setsockopt(listener.socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        sockaddr_storage bound{};
        socklen_t size = sizeof bound;
        if (listener.socket_ < 0 || bind(listener.socket_, at->ai_addr, at->ai_addrlen) != 0 ||
            listen(listener.socket_, kBacklog) != 0 ||
            getsockname(listener.socket_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
            reason = errno;
            continue;
        }
        listener.port_ = port_of(bound);
        listener.on_loopback_ = is_loopback(bound);
        return listener;
    }
    return base::Error{why_not_bound(address, port, reason)};
}

Listener::~Listener() {
    if (socket_ >= 0) close(socket_);
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_), on_loopback_(other.on_loopback_) {}

Listener& Listener::operator=(Listener&& other) noexcept {
    std::swap(socket_, other.socket_);
    port_ = other.port_;
    on_loopback_ = other.on_loopback_;
    return *this;
}

int Listener::accept() const { return accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); }

}  // namespace telltale::prometheus_http
