// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/interface.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace telltale::capture {
namespace {

constexpr unsigned kCapIpcLock = 14;  // capabilities(7): its number in linux/capability.h
constexpr const char* kRights =
    "run it with sudo, or once: sudo setcap cap_net_raw,cap_net_admin,cap_ipc_lock+ep \"$(command -v telltale)\"";

class Socket {
  public:
    Socket(int family, int type) : descriptor_(socket(family, type, 0)), error_(descriptor_ < 0 ? errno : 0) {}
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] int error() const { return error_; }

  private:
    int descriptor_;
    int error_;
};

std::string interface_names() {
    std::string names;
    struct if_nameindex* all = if_nameindex();
    if (all == nullptr) return names;
    for (const struct if_nameindex* at = all; at->if_index != 0; ++at) {
        names += (names.empty() ? "" : ", ") + std::string(at->if_name);
    }
    if_freenameindex(all);
    return names;
}

bool has_capability(unsigned number) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word != "CapEff:") continue;
        std::uint64_t effective = 0;
        status >> std::hex >> effective;
        return (effective >> number & 1U) != 0;
    }
    return false;
}

base::Status check_memory(const std::string& name, std::uint64_t ring_bytes) {
    rlimit limit{};
    if (has_capability(kCapIpcLock) || getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return base::Done{};
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= ring_bytes) return base::Done{};
    return base::Error{name + ": the packet ring needs " + std::to_string(ring_bytes >> 20) +
                       " MiB of locked memory and the limit is " + std::to_string(limit.rlim_cur >> 20) +
                       " MiB: " + kRights};
}

std::uint64_t read_counter(const std::string& name, const char* counter) {
    std::uint64_t value = 0;
    std::ifstream file("/sys/class/net/" + name + "/statistics/" + counter);
    file >> value;
    return value;
}

}  // namespace

base::Result<InterfaceState> check_interface(const std::string& name, std::uint64_t ring_bytes) {
    ifreq request{};
    if (name.size() >= sizeof request.ifr_name || name.find_first_of(",/[]=\"") != std::string::npos ||
        if_nametoindex(name.c_str()) == 0) {
        return base::Error{"no such interface: " + name + "; there are " + interface_names() + " (see: ip link)"};
    }
    const Socket any(AF_INET, SOCK_DGRAM);
    std::memcpy(request.ifr_name, name.c_str(), name.size());
    if (any.descriptor() < 0 || ioctl(any.descriptor(), SIOCGIFFLAGS, &request) != 0) {
        return base::Error{name + ": its state cannot be read: " + std::strerror(errno)};
    }
    const Socket raw(AF_PACKET, SOCK_RAW);
    if (raw.descriptor() < 0) {
        const std::string why = raw.error() == EPERM || raw.error() == EACCES
                                    ? "this user may not capture: " + std::string(kRights)
                                    : "packet sockets do not work here: " + std::string(std::strerror(raw.error()));
        return base::Error{name + ": " + why};
    }
    if ((request.ifr_flags & IFF_UP) == 0) {
        return base::Error{name + ": the interface is down; bring it up with: ip link set " + name + " up"};
    }
    if (base::Status memory = check_memory(name, ring_bytes); !memory) return memory.error();
    return InterfaceState{(request.ifr_flags & IFF_PROMISC) != 0};
}

InterfaceCounters read_interface_counters(const std::string& name) {
    return {read_counter(name, "rx_packets"), read_counter(name, "tx_packets"), read_counter(name, "rx_dropped")};
}

bool has_carrier(const std::string& name) {
    std::ifstream file("/sys/class/net/" + name + "/carrier");  // cannot be read while the interface is down
    char carrier = '0';
    return file.get(carrier) && carrier == '1';
}

}  // namespace telltale::capture
