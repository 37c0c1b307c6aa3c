// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/http_message.h"
#include "tests/support/scenario/catalogue.h"
#include "tests/support/scenario/timeline.h"
#include "tests/support/scenario/truth.h"

namespace telltale::support {

// One device on the local network.
struct LocalHost {
    const DeviceProfile* profile = nullptr;
    std::size_t device = 0;  // in the truth
    Mac mac;
    Ip ip;
    Ip ip6, ip6_local;  // ip6: unique local, RFC 4193, behind a translator of prefixes; only where the profile has IPv6
    std::uint32_t internal = 0, multicast = 0;  // labels
    std::uint16_t next_port = 40000;
    Random random{0};
    std::map<std::string, std::uint64_t, std::less<>> resolved_until_ns;
};

struct Exchange {
    std::size_t bytes_up = 0, bytes_down = 0;
};

// A network behind one gateway that is its router, resolver and DHCP server, seen by a sensor on the inside: hosts of
// the Internet have the gateway's MAC. Turns a device's actions into frames on the timeline, each with its label in the
// truth. Every function starts at the given time and returns when it ends. Borrows the timeline and the truth.
class LocalNetwork {
  public:
    struct Plan {
        Ip gateway = "192.168.7.1";
        Ip prefix6 = "fd07:7e11:7a1e:7::";
        bool defects = true;  // a few retransmissions and reorderings, counted in the truth
    };
    using Conversation = std::shared_ptr<TcpConversation>;

    LocalNetwork(Timeline& timeline, Truth& truth, std::uint64_t seed, Plan plan);

    // The profile must outlive the network.
    LocalHost& add(const DeviceProfile& profile, Ip ip);
    LocalHost& gateway() { return *gateway_; }
    std::uint64_t joins(LocalHost& host, std::uint64_t time_ns);  // DHCP, ARP, neighbour discovery
    std::uint64_t renews(LocalHost& host, std::uint64_t time_ns);
    void asks_for(LocalHost& host, LocalHost& peer, std::uint64_t time_ns);  // ARP
    std::uint64_t resolves(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns);

    std::uint64_t tls_session(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns,
                              std::span<const Exchange> exchanges, const HelloOptions& options = {});
    std::uint64_t http_session(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns,
                               std::span<const HttpRequest> requests, std::size_t answer_bytes);
    // A connection for the caller to use; resolved and, with TLS, with its hellos exchanged.
    Conversation opens(LocalHost& host, const RemoteHost& remote, std::uint16_t port, bool tls, std::uint64_t time_ns);
    // TCP to an address without a name on the wire; opaque octets.
    std::uint64_t nameless_session(LocalHost& host, const Ip& remote, std::uint16_t port, std::uint64_t time_ns,
                                   Exchange exchange);
    // TCP between two hosts at home, with handshake done.
    Conversation inside(LocalHost& client, LocalHost& server, std::uint16_t port, std::uint64_t time_ns);

    void announces(LocalHost& host, const Ip& group, std::uint16_t port, std::span<const std::uint8_t> payload,
                   std::uint64_t time_ns);  // multicast or broadcast UDP
    std::uint64_t asks_time(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns);  // NTP
    std::uint64_t pings(LocalHost& host, const Ip& remote, std::uint64_t time_ns, std::size_t count);

    Truth& truth() { return truth_; }
    std::uint32_t row(const LocalHost& host, const RemoteHost& remote, std::string_view named_by);

  private:
    struct Datagram {
        const LocalHost& host;
        Ip remote;
        std::uint16_t local_port, remote_port;
        std::uint32_t label;
        Mac remote_mac;
    };
    Ip address_of(const LocalHost& host, const RemoteHost& remote) const;
    const Ip& own_address(const LocalHost& host, const Ip& remote) const { return remote.v6 ? host.ip6 : host.ip; }
    TcpConversation connect(LocalHost& host, const Ip& remote, std::uint16_t port, std::uint32_t label,
                            std::uint64_t rtt_ns, std::uint64_t time_ns);
    void hellos(LocalHost& host, TcpConversation& tcp, std::string_view name, const HelloOptions& options);
    void maybe_defect(LocalHost& host, TcpConversation& tcp);
    void emit(Packet packet, std::uint64_t time_ns, std::uint32_t label, Side side);
    void sends(const Datagram& datagram, std::span<const std::uint8_t> payload, std::uint64_t time_ns);
    void answers(const Datagram& datagram, std::span<const std::uint8_t> payload, std::uint64_t time_ns);
    Bytes dhcp_request(const LocalHost& host, bool discover, std::uint32_t id, bool renewal) const;
    Bytes dhcp_answer(const LocalHost& host, bool offer, std::uint32_t id) const;
    void neighbour_discovery(LocalHost& host, std::uint64_t time_ns);
    std::uint16_t port_of(LocalHost& host);

    Timeline& timeline_;
    Truth& truth_;
    Random random_;
    Plan plan_;
    std::deque<LocalHost> hosts_;  // addresses stay
    LocalHost* gateway_ = nullptr;
};

}  // namespace telltale::support
