// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sensor/base/result.h"

namespace telltale::prometheus_http {

// A TCP socket that listens and does not block. Owns the socket. Single-threaded.
class Listener {
  public:
    // Port 0: any free one. The error says what to do.
    static base::Result<Listener> open(const std::string& address, std::uint16_t port);
    ~Listener();
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&& other) noexcept;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] bool on_loopback() const { return on_loopback_; }
    // Returns a client's socket, or -1 if none waits or the system has no room.
    [[nodiscard]] int accept() const;

  private:
    explicit Listener(int socket) : socket_(socket) {}

    int socket_ = -1;
    std::uint16_t port_ = 0;
    bool on_loopback_ = false;
};

}  // namespace telltale::prometheus_http
