// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// Whether anybody on the way can read it.
#define TELLTALE_CLEARS(X) X(unknown, "unknown") X(yes, "yes") X(no, "no")

TELLTALE_ENUMERATION(Clear, std::uint8_t, TELLTALE_CLEARS)

// The protocol that a flow speaks: by what was read of it, else by the well-known port.
//   X(application, word, in clear)
#define TELLTALE_APPLICATIONS(X)            \
    X(other, "other", unknown)              \
    X(tcp, "tcp", unknown)                  \
    X(udp, "udp", unknown)                  \
    X(icmp, "icmp", unknown)                \
    X(dhcp, "dhcp", yes)                    \
    X(dns, "dns", yes)                      \
    X(http, "http", yes)                    \
    X(llmnr, "llmnr", yes)                  \
    X(mdns, "mdns", yes)                    \
    X(netbios, "netbios", yes)              \
    X(ntp, "ntp", yes)                      \
    X(ssdp, "ssdp", yes)                    \
    X(tls, "tls", no)                       \
    X(quic, "quic", no)                     \
    X(dtls, "dtls", no)                     \
    X(dhcpv6, "dhcpv6", yes)                \
    X(ssh, "ssh", no)                       \
    X(mqtt, "mqtt", yes)                    \
    X(coap, "coap", yes)                    \
    X(xmpp, "xmpp", yes)                    \
    X(miio, "miio", no)                     \
    X(tuya, "tuya", unknown)                \
    X(stun, "stun", unknown)                \
    X(mipush, "mipush", yes)                \
    X(openvpn, "openvpn", no)               \
    X(ike, "ike", no)                       \
    X(dns_over_tls, "dns_over_tls", no)     \
    X(dns_over_https, "dns_over_https", no) \
    X(dns_over_quic, "dns_over_quic", no)

TELLTALE_ENUMERATION(Application, std::uint8_t, TELLTALE_APPLICATIONS)

#define TELLTALE_CLEAR(name, word, clear) Clear::clear,
inline constexpr base::EnumArray<Application, Clear> kClearOf({TELLTALE_APPLICATIONS(TELLTALE_CLEAR)});
#undef TELLTALE_CLEAR

constexpr bool is_encrypted_dns(Application application) {
    return application == Application::dns_over_tls || application == Application::dns_over_https ||
           application == Application::dns_over_quic;
}

Application application_by_port(const model::FlowKey& key);

}  // namespace telltale::correlate
