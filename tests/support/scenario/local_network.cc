// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario/local_network.h"

#include <algorithm>

#include "tests/support/announcements.h"
#include "tests/support/dns_message.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint8_t kRemoteTtl = 52;  // of 64, some routers away

}  // namespace

LocalNetwork::LocalNetwork(Timeline& timeline, Truth& truth, std::uint64_t seed, Plan plan)
    : timeline_(timeline), truth_(truth), random_(seed), plan_(plan) {
    gateway_ = &add(gateway_profile(), plan.gateway);
}

LocalHost& LocalNetwork::add(const DeviceProfile& profile, Ip ip) {
    LocalHost& host = hosts_.emplace_back();
    host.profile = &profile;
    host.random = random_.fork(ip.text());
    const Bytes tail = host.random.bytes(6);
    std::copy(tail.begin(), tail.end(), host.mac.octets.begin());
    if (profile.mac_prefix.empty()) {
        host.mac.octets[0] = static_cast<std::uint8_t>((host.mac.octets[0] & 0xfc) | 2);
    } else {
        const Bytes prefix = from_hex(profile.mac_prefix);
        std::copy(prefix.begin(), prefix.end(), host.mac.octets.begin());
    }
    host.ip = ip;
    host.ip6_local = link_local(host.mac);
    host.ip6 = with_prefix(plan_.prefix6, host.ip6_local);
    host.next_port = static_cast<std::uint16_t>(host.random.between(33000, 45000));
    Truth::Device device{host.mac,         {ip}, profile.maker, profile.model, profile.os, profile.device_class,
                         profile.host_name};
    if (profile.ipv6) {
        device.addresses.push_back(host.ip6_local);
        if (gateway_ != nullptr) device.addresses.push_back(host.ip6);
    }
    host.device = truth_.add_device(std::move(device));
    host.internal = truth_.row(host.device, "internal", "");
    host.multicast = truth_.row(host.device, "multicast", "");
    return host;
}

std::uint32_t LocalNetwork::row(const LocalHost& host, const RemoteHost& remote, std::string_view named_by) {
    return truth_.row(host.device, remote.owner, remote.name, remote.category, named_by);
}

void LocalNetwork::emit(Packet packet, std::uint64_t time_ns, std::uint32_t label, Side side) {
    TimedFrame frame = packet.at(time_ns).pad_frame_to(60).frame();
    frame.label = label;
    frame.side = side;
    timeline_.emit(std::move(frame));
}

std::uint16_t LocalNetwork::port_of(LocalHost& host) {
    const std::uint16_t port = host.next_port;
    host.next_port = port >= 60999 ? 32768 : static_cast<std::uint16_t>(port + 1);
    return port;
}

void LocalNetwork::sends(const Datagram& datagram, std::span<const std::uint8_t> payload, std::uint64_t time_ns) {
    const LocalHost& host = datagram.host;
    emit(Packet()
             .ethernet(host.mac, datagram.remote_mac)
             .ip(own_address(host, datagram.remote), datagram.remote)
             .udp(datagram.local_port, datagram.remote_port)
             .payload(payload),
         time_ns, datagram.label, Side::client);
}

void LocalNetwork::answers(const Datagram& datagram, std::span<const std::uint8_t> payload, std::uint64_t time_ns) {
    const LocalHost& host = datagram.host;
    emit(Packet()
             .ethernet(datagram.remote_mac, host.mac)
             .ip(datagram.remote, own_address(host, datagram.remote))
             .udp(datagram.remote_port, datagram.local_port)
             .payload(payload),
         time_ns, datagram.label, Side::server);
}

Ip LocalNetwork::address_of(const LocalHost& host, const RemoteHost& remote) const {
    if (host.profile->ipv6)
        for (const Ip& ip : remote.addresses)
            if (ip.v6) return ip;
    return remote.addresses.front();
}

// Asks for A, and for AAAA where the host speaks IPv6, unless the answer of an earlier question still holds.
std::uint64_t LocalNetwork::resolves(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns) {
    std::uint64_t& until = host.resolved_until_ns[remote.name];
    if (until > time_ns) return time_ns;
    until = time_ns + remote.ttl_s * kSecond;
    std::uint64_t last = time_ns;
    const std::string& final_name = remote.aliases.empty() ? remote.name : remote.aliases.back();
    for (const bool v6 : {false, true}) {
        if (v6 && !host.profile->ipv6) break;
        const Datagram datagram{host, gateway_->ip, port_of(host), 53, host.internal, gateway_->mac};
        const auto id = static_cast<std::uint16_t>(host.random.next());
        const DnsType type = v6 ? DnsType::aaaa : DnsType::a;
        const std::uint64_t asked = time_ns + (v6 ? 200'000 : 0);
        sends(datagram, DnsMessage(id).question(remote.name, type).bytes(), asked);
        DnsMessage answer(id);
        answer.response().question(remote.name, type);
        std::string owner = remote.name;
        for (const std::string& alias : remote.aliases) {
            answer.cname(owner, alias, remote.ttl_s);
            owner = alias;
        }
        for (const Ip& ip : remote.addresses)
            if (ip.v6 == v6) answer.answer(final_name, ip, remote.ttl_s);
        const std::uint64_t answered = asked + host.random.between(2, 40) * kMillisecond;
        answers(datagram, answer.bytes(), answered);
        last = std::max(last, answered);  // nobody connects to an address before it is known
        truth_.expect("dns_queries");
        truth_.expect("dns_responses");
    }
    return last + kMillisecond / 2;
}

TcpConversation LocalNetwork::connect(LocalHost& host, const Ip& remote, std::uint16_t port, std::uint32_t label,
                                      std::uint64_t rtt_ns, std::uint64_t time_ns) {
    truth_.add_address(label, remote);
    const TcpEnd client{host.mac, own_address(host, remote), port_of(host), host.profile->tcp,
                        static_cast<std::uint8_t>(host.profile->tcp == TcpStyle::windows ? 128 : 64)};
    const TcpEnd server{gateway_->mac, remote, port, TcpStyle::linux_like, kRemoteTtl};
    TcpTiming timing;
    timing.rtt_ns = host.random.around(rtt_ns, 10);
    TcpConversation tcp(timeline_.sink(), client, server, time_ns, host.random, timing);
    tcp.label(label).handshake();
    truth_.expect("tcp_connections");
    return tcp;
}

void LocalNetwork::hellos(LocalHost& host, TcpConversation& tcp, std::string_view name, const HelloOptions& options) {
    const HelloStyle style = host.profile->hello;
    const bool tls13 = offers_tls13(style);
    const ClientHello hello = client_hello(style, name, host.random, options);
    tcp.client_sends(hello.records());
    tcp.server_sends(server_flight(tls13, hello.session(), host.random.between(1800, 3200), host.random));
    tcp.client_sends(client_finish(tls13, host.random));
    truth_.expect("tls_client_hellos");
}

void LocalNetwork::maybe_defect(LocalHost& host, TcpConversation& tcp) {
    if (!plan_.defects || !host.random.chance(4)) return;
    tcp.retransmit_next();
    truth_.expect("retransmissions");
}

std::uint64_t LocalNetwork::tls_session(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns,
                                        std::span<const Exchange> exchanges, const HelloOptions& options) {
    time_ns = resolves(host, remote, time_ns);
    TcpConversation tcp =
        connect(host, address_of(host, remote), 443, row(host, remote, "tls"), remote.rtt_ms * kMillisecond, time_ns);
    hellos(host, tcp, remote.name, options);
    for (std::size_t i = 0; i < exchanges.size(); ++i) {
        if (i > 0) tcp.wait(host.random.between(20, 1500) * kMillisecond);
        tcp.client_sends(application_data(exchanges[i].bytes_up, host.random));
        maybe_defect(host, tcp);
        tcp.server_sends(application_data(exchanges[i].bytes_down, host.random));
    }
    return tcp.close().now_ns();
}

std::uint64_t LocalNetwork::http_session(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns,
                                         std::span<const HttpRequest> requests, std::size_t answer_bytes) {
    time_ns = resolves(host, remote, time_ns);
    TcpConversation tcp =
        connect(host, address_of(host, remote), 80, row(host, remote, "http"), remote.rtt_ms * kMillisecond, time_ns);
    for (const HttpRequest& request : requests) {
        tcp.client_sends(request.bytes());
        HttpResponse response;
        if (answer_bytes == 0) {
            response.status = 204;
            response.reason = "No Content";
        } else {
            response.body = host.random.bytes(answer_bytes);
        }
        maybe_defect(host, tcp);
        tcp.server_sends(response.bytes());
        truth_.expect("http_requests");
    }
    return tcp.close().now_ns();
}

LocalNetwork::Conversation LocalNetwork::opens(LocalHost& host, const RemoteHost& remote, std::uint16_t port, bool tls,
                                               std::uint64_t time_ns) {
    time_ns = resolves(host, remote, time_ns);
    auto tcp = std::make_shared<TcpConversation>(connect(host, address_of(host, remote), port,
                                                         row(host, remote, tls ? "tls" : "dns"),
                                                         remote.rtt_ms * kMillisecond, time_ns));
    if (tls) hellos(host, *tcp, remote.name, {});
    return tcp;
}

std::uint64_t LocalNetwork::nameless_session(LocalHost& host, const Ip& remote, std::uint16_t port,
                                             std::uint64_t time_ns, Exchange exchange) {
    const std::uint32_t label = truth_.row(host.device, "unattributed", "", "", "none");
    TcpConversation tcp = connect(host, remote, port, label, 80 * kMillisecond, time_ns);
    tcp.client_sends(host.random.bytes(exchange.bytes_up)).server_sends(host.random.bytes(exchange.bytes_down));
    return tcp.close().now_ns();
}

LocalNetwork::Conversation LocalNetwork::inside(LocalHost& client, LocalHost& server, std::uint16_t port,
                                                std::uint64_t time_ns) {
    const TcpEnd from{client.mac, client.ip, port_of(client), client.profile->tcp,
                      static_cast<std::uint8_t>(client.profile->tcp == TcpStyle::windows ? 128 : 64)};
    const TcpEnd to{server.mac, server.ip, port, server.profile->tcp, 64};
    TcpTiming timing;
    timing.rtt_ns = kMillisecond;
    auto tcp = std::make_shared<TcpConversation>(timeline_.sink(), from, to, time_ns, client.random, timing);
    tcp->label(client.internal).handshake();
    truth_.expect("tcp_connections");
    return tcp;
}

void LocalNetwork::announces(LocalHost& host, const Ip& group, std::uint16_t port,
                             std::span<const std::uint8_t> payload, std::uint64_t time_ns) {
    const Ip& source = group.v6 ? host.ip6_local : host.ip;
    const std::uint16_t own = port == 5353 ? port : port_of(host);
    Packet packet;
    packet.ethernet(host.mac, multicast_mac(group)).ip(source, group).ttl(port == 5353 ? 255 : 4);
    emit(packet.udp(own, port).payload(payload), time_ns, host.multicast, Side::client);
}

std::uint64_t LocalNetwork::asks_time(LocalHost& host, const RemoteHost& remote, std::uint64_t time_ns) {
    time_ns = resolves(host, remote, time_ns);
    const Ip& server = remote.addresses.front();
    const std::uint32_t label = row(host, remote, "dns");
    truth_.add_address(label, server);
    const Datagram datagram{host, server, port_of(host), 123, label, gateway_->mac};
    const std::uint64_t back = time_ns + remote.rtt_ms * kMillisecond;
    sends(datagram, ntp_request(time_ns), time_ns);
    answers(datagram, ntp_response(time_ns, back - kMillisecond), back);
    return back;
}

std::uint64_t LocalNetwork::pings(LocalHost& host, const Ip& remote, std::uint64_t time_ns, std::size_t count) {
    const bool home = remote == gateway_->ip;
    const std::uint32_t label = home ? host.internal : truth_.row(host.device, "unattributed", "", "", "none");
    if (!home) truth_.add_address(label, remote);
    const auto id = static_cast<std::uint16_t>(host.random.next());
    const Bytes filling = to_bytes("abcdefghijklmnopqrstuvwabcdefghi");
    for (std::size_t i = 1; i <= count; ++i, time_ns += kSecond) {
        const auto sequence = static_cast<std::uint16_t>(i);
        emit(Packet().ethernet(host.mac, gateway_->mac).ipv4(host.ip, remote).icmp_echo(id, sequence).payload(filling),
             time_ns, label, Side::client);
        emit(Packet()
                 .ethernet(gateway_->mac, host.mac)
                 .ipv4(remote, host.ip)
                 .ttl(home ? 64 : kRemoteTtl)
                 .icmp_echo(id, sequence, true)
                 .payload(filling),
             time_ns + (home ? 1 : 28) * kMillisecond, label, Side::server);
    }
    return time_ns;
}

}  // namespace telltale::support
