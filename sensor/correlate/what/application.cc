// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/application.h"

namespace telltale::correlate {
namespace {

Application by_udp_port(std::uint16_t port) {
    switch (port) {
        case 53: return Application::dns;
        case 67:
        case 68: return Application::dhcp;
        case 546:
        case 547: return Application::dhcpv6;
        case 123: return Application::ntp;
        case 500:
        case 4500: return Application::ike;  // and IPsec through NAT (RFC 7296, RFC 3948): Wi-Fi calling, VPNs
        case 137:
        case 138: return Application::netbios;
        case 1900: return Application::ssdp;
        case 5353: return Application::mdns;
        case 5355: return Application::llmnr;
        default: return Application::udp;
    }
}

}  // namespace

Application application_by_port(const model::FlowKey& key) {
    switch (key.protocol) {
        case model::kProtocolTcp: return Application::tcp;
        case model::kProtocolIcmp:
        case model::kProtocolIcmpV6: return Application::icmp;
        case model::kProtocolUdp: {
            const Application by_a = by_udp_port(key.port_a);
            return by_a != Application::udp ? by_a : by_udp_port(key.port_b);
        }
        default: return Application::other;
    }
}

}  // namespace telltale::correlate
