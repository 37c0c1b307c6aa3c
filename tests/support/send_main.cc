// SPDX-License-Identifier: Apache-2.0
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <thread>

#include "tests/support/scenario.h"

namespace {

using telltale::support::Bytes;
using telltale::support::ScenarioOptions;
using telltale::support::TimedFrame;
using Clock = std::chrono::steady_clock;

constexpr int kBadUsage = 2;
constexpr std::size_t kBatch = 32;

volatile std::sig_atomic_t stopped = 0;

struct Arguments {
    std::string scenario = "office-day";
    std::string interface;
    ScenarioOptions size;
    double packets_per_second = 1000;
    double seconds = 0;
};

// A socket that sends frames as they are.
class RawPort {
  public:
    explicit RawPort(const std::string& interface) : socket_(::socket(AF_PACKET, SOCK_RAW, 0)) {
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
        if (socket_ < 0 || address.sll_ifindex == 0 ||
            bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
            throw std::runtime_error(interface + " cannot be sent to: " + std::strerror(errno));
        }
    }
    // Sends all frames; waits while the interface's queue is full. Returns the number of frames that were sent.
    std::size_t send(const Bytes* frames, std::size_t count) {
        std::array<iovec, kBatch> parts{};
        std::array<mmsghdr, kBatch> messages{};
        for (std::size_t i = 0; i < count; ++i) {
            parts[i] = {const_cast<std::uint8_t*>(frames[i].data()), frames[i].size()};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        std::size_t sent = 0;
        while (sent < count && stopped == 0) {
            const int taken = sendmmsg(socket_, &messages[sent], static_cast<unsigned>(count - sent), 0);
            if (taken > 0) {
                sent += static_cast<std::size_t>(taken);
            } else if (errno == ENOBUFS || errno == EINTR || errno == ENETDOWN) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            } else {
                throw std::runtime_error(std::string("a frame cannot be sent: ") + std::strerror(errno));
            }
        }
        return sent;
    }

  private:
    int socket_;
};

std::vector<Bytes> frames_of(const Arguments& arguments) {
    std::vector<Bytes> frames;
    telltale::support::Truth truth;
    telltale::support::write_scenario(
        arguments.scenario, arguments.size, [&](TimedFrame&& frame) { frames.push_back(std::move(frame.bytes)); },
        truth);
    return frames;
}

// Repeats the frames at an even rate until the time is over or somebody stops it.
void send(const Arguments& arguments) {
    RawPort port(arguments.interface);
    const std::vector<Bytes> frames = frames_of(arguments);
    std::uint64_t sent = 0;
    const auto begin = Clock::now();
    const auto since = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    for (std::size_t at = 0; stopped == 0 && (arguments.seconds == 0 || since() < arguments.seconds);) {
        const std::size_t count = std::min(kBatch, frames.size() - at);
        sent += port.send(&frames[at], count);
        at = at + count == frames.size() ? 0 : at + count;
        const double ahead = static_cast<double>(sent) / arguments.packets_per_second - since();
        if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
    }
    std::cout << sent << " frames in " << since() << " s\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Sends the frames of a made-up network to an interface, again and again, at an even rate."};
    Arguments arguments;
    app.add_option("--interface", arguments.interface, "Interface to send to")->required();
    app.add_option("--scenario", arguments.scenario, "Kind of traffic, as of telltale-generate")->capture_default_str();
    app.add_option("--seed", arguments.size.seed, "Seed of addresses, times and payloads")->capture_default_str();
    app.add_option("--packets", arguments.size.packets, "Approximate number of different frames")
        ->capture_default_str();
    app.add_option("--rate", arguments.packets_per_second, "Frames per second")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--seconds", arguments.seconds, "End after this time; 0: on SIGTERM or SIGINT")
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kBadUsage;
    }
    for (const int number : {SIGTERM, SIGINT}) std::signal(number, [](int) { stopped = 1; });
    try {
        send(arguments);
    } catch (const std::exception& error) {
        std::cerr << "telltale-send: " << error.what() << '\n';
        return kBadUsage;
    }
    return 0;
}
