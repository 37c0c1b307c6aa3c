// SPDX-License-Identifier: Apache-2.0
// How a device comes onto the local network: DHCP (RFC 2131), ARP (RFC 826), neighbour discovery (RFC 4861, 4862).
#include "tests/support/dhcp_message.h"
#include "tests/support/scenario/local_network.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint32_t kLeaseSeconds = 86400;
const Ip kAllNodes = "ff02::1";
const Ip kAllRouters = "ff02::2";
const Ip kLimitedBroadcast = "255.255.255.255";

Bytes link_layer_option(std::uint8_t type, const Mac& mac) {
    return ByteWriter().u8(type).u8(1).raw(mac.octets).take();
}

Ip solicited_node(const Ip& ip) {
    Ip group = "ff02::1:ff00:0";
    for (std::size_t i = 13; i < 16; ++i) group.octets[i] = ip.octets[i];
    return group;
}

}  // namespace

// Options in the order of the profile, which is part of a client's fingerprint.
Bytes LocalNetwork::dhcp_request(const LocalHost& host, bool discover, std::uint32_t id, bool renewal) const {
    const DeviceProfile& profile = *host.profile;
    DhcpMessage message(discover ? DhcpType::discover : DhcpType::request, id, host.mac);
    if (renewal) message.client_address(host.ip);
    for (const std::uint8_t code : profile.dhcp_options) {
        switch (code) {
            case 61: message.client_id(); break;
            case 50:
                if (!discover && !renewal) message.requested_address(host.ip);
                break;
            case 54:
                if (!discover && !renewal) message.server_id(gateway_->ip);
                break;
            case 51: message.number_option(51, 90 * kLeaseSeconds); break;
            case 57: message.max_size(1500); break;
            case 60:
                if (!profile.dhcp_vendor_class.empty()) message.vendor_class(profile.dhcp_vendor_class);
                break;
            case 12: message.host_name(profile.host_name); break;
            case 81: message.fqdn(profile.host_name); break;
            case 55: message.parameter_list(profile.dhcp_parameters); break;
            default: break;
        }
    }
    return message.bytes();
}

Bytes LocalNetwork::dhcp_answer(const LocalHost& host, bool offer, std::uint32_t id) const {
    DhcpMessage message(offer ? DhcpType::offer : DhcpType::ack, id, host.mac);
    message.reply().your_address(host.ip).server_id(gateway_->ip).number_option(51, kLeaseSeconds);
    message.address_option(1, "255.255.255.0").address_option(3, gateway_->ip).address_option(6, gateway_->ip);
    return message.option(15, "home.arpa").bytes();
}

std::uint64_t LocalNetwork::joins(LocalHost& host, std::uint64_t time_ns) {
    const auto id = static_cast<std::uint32_t>(host.random.next());
    for (const bool discover : {true, false}) {
        Packet question;
        question.ethernet(host.mac, kBroadcastMac).ipv4("0.0.0.0", kLimitedBroadcast).udp(68, 67);
        emit(question.payload(dhcp_request(host, discover, id, false)), time_ns, host.multicast, Side::client);
        time_ns += host.random.between(2, 30) * kMillisecond;
        Packet answer;
        answer.ethernet(gateway_->mac, kBroadcastMac).ipv4(gateway_->ip, kLimitedBroadcast).udp(67, 68);
        emit(answer.payload(dhcp_answer(host, discover, id)), time_ns, gateway_->multicast, Side::client);
        time_ns += host.random.between(1, 8) * kMillisecond;
    }
    truth_.expect("dhcp_messages", 4);
    Packet gratuitous;
    gratuitous.ethernet(host.mac, kBroadcastMac).arp_request(host.mac, host.ip, host.ip);
    emit(gratuitous, time_ns, 0, Side::client);
    asks_for(host, *gateway_, time_ns + 5 * kMillisecond);
    if (host.profile->ipv6) neighbour_discovery(host, time_ns + 20 * kMillisecond);
    return time_ns + 900 * kMillisecond;
}

std::uint64_t LocalNetwork::renews(LocalHost& host, std::uint64_t time_ns) {
    const auto id = static_cast<std::uint32_t>(host.random.next());
    const Datagram datagram{host, gateway_->ip, 68, 67, host.internal, gateway_->mac};
    sends(datagram, dhcp_request(host, false, id, true), time_ns);
    answers(datagram, dhcp_answer(host, false, id), time_ns + 4 * kMillisecond);
    truth_.expect("dhcp_messages", 2);
    return time_ns + 5 * kMillisecond;
}

void LocalNetwork::asks_for(LocalHost& host, LocalHost& peer, std::uint64_t time_ns) {
    emit(Packet().ethernet(host.mac, kBroadcastMac).arp_request(host.mac, host.ip, peer.ip), time_ns, 0, Side::client);
    emit(Packet().ethernet(peer.mac, host.mac).arp_reply(peer.mac, peer.ip, host.mac, host.ip), time_ns + kMillisecond,
         0, Side::server);
}

// Duplicate address detection, router solicitation and advertisement, then the question for the router's MAC.
void LocalNetwork::neighbour_discovery(LocalHost& host, std::uint64_t time_ns) {
    const LocalHost& router = *gateway_;
    const Ip group = solicited_node(host.ip6_local);
    Packet probe;
    probe.ethernet(host.mac, multicast_mac(group)).ipv6("::", group).ttl(255).icmp(135);
    emit(probe.payload(host.ip6_local.bytes()), time_ns, host.multicast, Side::client);

    Packet solicit;
    solicit.ethernet(host.mac, multicast_mac(kAllRouters)).ipv6(host.ip6_local, kAllRouters).ttl(255).icmp(133);
    emit(solicit.payload(link_layer_option(1, host.mac)), time_ns + 50 * kMillisecond, host.multicast, Side::client);

    ByteWriter body;  // reachable and retransmission time, then options
    body.u32(0).u32(0).raw(link_layer_option(1, router.mac));
    body.u8(3).u8(4).u8(64).u8(0xc0).u32(86400).u32(14400).u32(0).raw(plan_.prefix6.bytes());
    Packet advertise;
    advertise.ethernet(router.mac, multicast_mac(kAllNodes)).ipv6(router.ip6_local, kAllNodes).ttl(255);
    advertise.icmp(134, 0, 64U << 24 | 1800);  // hop limit 64, lifetime 30 minutes
    emit(advertise.payload(body.bytes()), time_ns + 52 * kMillisecond, router.multicast, Side::client);

    const Ip router_group = solicited_node(router.ip6_local);
    Packet ask;
    ask.ethernet(host.mac, multicast_mac(router_group)).ipv6(host.ip6_local, router_group).ttl(255).icmp(135);
    ask.payload(router.ip6_local.bytes()).payload(link_layer_option(1, host.mac));
    emit(ask, time_ns + 60 * kMillisecond, host.multicast, Side::client);
    Packet tell;
    tell.ethernet(router.mac, host.mac).ipv6(router.ip6_local, host.ip6_local).ttl(255).icmp(136, 0, 0xe0000000);
    tell.payload(router.ip6_local.bytes()).payload(link_layer_option(2, router.mac));
    emit(tell, time_ns + 61 * kMillisecond, router.internal, Side::client);
}

}  // namespace telltale::support
