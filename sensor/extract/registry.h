// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sensor/extract/arp/arp.h"
#include "sensor/extract/cdp/cdp.h"
#include "sensor/extract/coap/coap.h"
#include "sensor/extract/dhcp/dhcp.h"
#include "sensor/extract/dhcpv6/dhcpv6.h"
#include "sensor/extract/dns/dns.h"
#include "sensor/extract/dtls/dtls.h"
#include "sensor/extract/http/http.h"
#include "sensor/extract/http2/http2.h"
#include "sensor/extract/lldp/lldp.h"
#include "sensor/extract/miio/miio.h"
#include "sensor/extract/mipush/mipush.h"
#include "sensor/extract/mqtt/mqtt.h"
#include "sensor/extract/nbns/nbns.h"
#include "sensor/extract/ndp/ndp.h"
#include "sensor/extract/openvpn/openvpn.h"
#include "sensor/extract/protocol.h"
#include "sensor/extract/quic/quic.h"
#include "sensor/extract/ssdp/ssdp.h"
#include "sensor/extract/ssh/ssh.h"
#include "sensor/extract/stun/stun.h"
#include "sensor/extract/tcp_syn/tcp_syn.h"
#include "sensor/extract/tls/tls.h"
#include "sensor/extract/tls_server/tls_server.h"
#include "sensor/extract/tuya/tuya.h"
#include "sensor/extract/workspace.h"
#include "sensor/extract/xmpp/xmpp.h"

namespace telltale::extract {

// Calls a protocol's own parse() with the scratch memory that its last parameters name.
template <auto kParse, typename... Scratch>
constexpr auto with_scratch(Parsed (*)(const Message&, MessageProgress&, model::RecordWriter&, Scratch&...)) {
    return +[](const Message& message, MessageProgress& progress, [[maybe_unused]] Workspace& workspace,
               model::RecordWriter& record) { return kParse(message, progress, record, workspace.get<Scratch>()...); };
}
template <auto kParse>
inline constexpr auto parser = with_scratch<kParse>(kParse);

// Every protocol that the sensor reads, one line each. The first of a transport whose sniff() says yes gets the
// message, so a line may precede another of its transport only if its sniff() leaves the other's messages alone.
// Where the order decides:
// - UDP: what answers by port alone (`dns` to `dhcpv6`) precedes what looks at bytes; `dns_elsewhere`, whose form has
// no
//   mark, comes last.
// - TCP: `dns_tcp`, by port, comes first; `tls_server` precedes `tls`, which answers `finished` for other records;
//   `http2`, whose preface looks like a request, precedes `http`.
inline constexpr Protocol kProtocols[] = {
    {"dns", Transport::udp, dns::sniff, parser<dns::parse>, model::RecordKind::dns},
    {"dns_tcp", Transport::tcp, dns::sniff_stream, parser<dns::parse_stream>, model::RecordKind::dns},
    {"mdns", Transport::udp, dns::sniff_multicast, parser<dns::parse_multicast>, model::RecordKind::mdns},
    {"llmnr", Transport::udp, dns::sniff_link_local, parser<dns::parse_link_local>, model::RecordKind::llmnr},
    {"nbns", Transport::udp, nbns::sniff, parser<nbns::parse>, model::RecordKind::nbns},
    {"dhcp", Transport::udp, dhcp::sniff, parser<dhcp::parse>, model::RecordKind::dhcp},
    {"dhcpv6", Transport::udp, dhcpv6::sniff, parser<dhcpv6::parse>, model::RecordKind::dhcpv6},
    {"ssdp", Transport::udp, ssdp::sniff, parser<ssdp::parse>, model::RecordKind::ssdp},
    {"quic", Transport::udp, quic::sniff, parser<quic::parse>, model::RecordKind::quic, quic::kOwnOutcomes},
    {"gquic", Transport::udp, quic::sniff_google, parser<quic::parse_google>, model::RecordKind::gquic},
    {"dtls", Transport::udp, dtls::sniff, parser<dtls::parse>, model::RecordKind::dtls},
    {"openvpn", Transport::udp, openvpn::sniff, parser<openvpn::parse>, model::RecordKind::openvpn,
     openvpn::kOwnOutcomes},
    {"stun", Transport::udp, stun::sniff, parser<stun::parse>, model::RecordKind::stun},
    {"coap", Transport::udp, coap::sniff, parser<coap::parse>, model::RecordKind::coap},
    {"miio", Transport::udp, miio::sniff, parser<miio::parse>, model::RecordKind::miio},
    {"tuya", Transport::udp, tuya::sniff, parser<tuya::parse>, model::RecordKind::tuya, tuya::kOwnOutcomes},
    {"dns_elsewhere", Transport::udp, dns::sniff_elsewhere, parser<dns::parse>, model::RecordKind::dns},
    {"arp", Transport::arp, arp::sniff, parser<arp::parse>, model::RecordKind::arp},
    {"lldp", Transport::link, lldp::sniff, parser<lldp::parse>, model::RecordKind::lldp},
    {"cdp", Transport::link, cdp::sniff, parser<cdp::parse>, model::RecordKind::cdp},
    {"ndp", Transport::icmpv6, ndp::sniff, parser<ndp::parse>, model::RecordKind::ndp},
    {"tcp_syn", Transport::syn, tcp_syn::sniff, parser<tcp_syn::parse>, model::RecordKind::tcp_syn},
    {"tls_server", Transport::tcp, tls_server::sniff, parser<tls_server::parse>, model::RecordKind::tls_server},
    {"tls", Transport::tcp, tls::sniff, parser<tls::parse>, model::RecordKind::tls},
    {"http2", Transport::tcp, http2::sniff, parser<http2::parse>, model::RecordKind::http2},
    {"http", Transport::tcp, http::sniff, parser<http::parse>, model::RecordKind::http},
    {"openvpn_tcp", Transport::tcp, openvpn::sniff_stream, parser<openvpn::parse_stream>, model::RecordKind::openvpn,
     openvpn::kOwnOutcomes},
    {"ssh", Transport::tcp, ssh::sniff, parser<ssh::parse>, model::RecordKind::ssh},
    {"mqtt", Transport::tcp, mqtt::sniff, parser<mqtt::parse>, model::RecordKind::mqtt},
    {"xmpp", Transport::tcp, xmpp::sniff, parser<xmpp::parse>, model::RecordKind::xmpp},
    {"mipush", Transport::tcp, mipush::sniff, parser<mipush::parse>, model::RecordKind::mipush},
};
inline constexpr std::size_t kProtocolCount = sizeof kProtocols / sizeof kProtocols[0];

}  // namespace telltale::extract
