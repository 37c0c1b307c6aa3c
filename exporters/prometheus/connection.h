// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <httplib.h>
#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace telltale::prometheus_http {

// A client's connection for the HTTP library: one deadline for everything, a limit on the bytes read, and an end as
// soon as `stopping` is set; TLS if a context is given. Owns the socket. Single-threaded.
class Connection final : public httplib::Stream {
  public:
    using Clock = std::chrono::steady_clock;

    Connection(int socket, SSL_CTX* tls, Clock::time_point deadline, std::size_t max_read,
               const std::atomic<bool>& stopping);
    ~Connection() override;  // ends the stream, waits briefly for the peer to read the answer, and closes
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Performs the TLS handshake; returns true without TLS.
    bool accept();

    [[nodiscard]] bool is_readable() const override { return alive(); }
    [[nodiscard]] bool is_writable() const override { return alive(); }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    [[nodiscard]] int socket() const override { return socket_; }

  private:
    struct FreeTls {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };

    [[nodiscard]] bool alive() const { return !failed_ && !stopping_ && Clock::now() < deadline_; }
    // Waits until the socket is ready (POLLIN, POLLOUT); false at the deadline.
    bool wait(short events) const;
    // Waits as the result of a TLS call demands; false if the call failed permanently.
    bool wait_for_tls(int result);
    ssize_t receive(char* to, std::size_t size);
    ssize_t send_some(const char* from, std::size_t size);
    void say_goodbye();

    int socket_;
    std::unique_ptr<SSL, FreeTls> tls_;
    Clock::time_point deadline_;
    std::size_t may_read_;
    const std::atomic<bool>& stopping_;
    bool failed_ = false;
    std::array<char, 2048> buffer_{};  // the library reads byte by byte
    std::size_t buffer_begin_ = 0;
    std::size_t buffer_end_ = 0;
};

}  // namespace telltale::prometheus_http
