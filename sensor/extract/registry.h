// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

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
#include "sensor/extract/xmpp/xmpp.h"

namespace telltale::extract {

// Every protocol that the sensor reads, one line each. The first whose sniff() says yes gets the message.
inline constexpr Protocol kProtocols[] = {
    {"dns", Transport::udp, dns::sniff, dns::parse, model::RecordKind::dns},
    {"dns_tcp", Transport::tcp, dns::sniff_stream, dns::parse_stream, model::RecordKind::dns},
    {"mdns", Transport::udp, dns::sniff_multicast, dns::parse_multicast, model::RecordKind::mdns},
    {"llmnr", Transport::udp, dns::sniff_link_local, dns::parse_link_local, model::RecordKind::llmnr},
    {"nbns", Transport::udp, nbns::sniff, nbns::parse, model::RecordKind::nbns},
    {"dhcp", Transport::udp, dhcp::sniff, dhcp::parse, model::RecordKind::dhcp},
    {"dhcpv6", Transport::udp, dhcpv6::sniff, dhcpv6::parse, model::RecordKind::dhcpv6},
    {"ssdp", Transport::udp, ssdp::sniff, ssdp::parse, model::RecordKind::ssdp},
    {"quic", Transport::udp, quic::sniff, quic::parse, model::RecordKind::quic},
    {"gquic", Transport::udp, quic::sniff_google, quic::parse_google, model::RecordKind::gquic},
    {"dtls", Transport::udp, dtls::sniff, dtls::parse, model::RecordKind::dtls},
    {"openvpn", Transport::udp, openvpn::sniff, openvpn::parse, model::RecordKind::openvpn},
    {"stun", Transport::udp, stun::sniff, stun::parse, model::RecordKind::stun},
    {"coap", Transport::udp, coap::sniff, coap::parse, model::RecordKind::coap},
    {"miio", Transport::udp, miio::sniff, miio::parse, model::RecordKind::miio},
    {"tuya", Transport::udp, tuya::sniff, tuya::parse, model::RecordKind::tuya},
    {"dns_elsewhere", Transport::udp, dns::sniff_elsewhere, dns::parse, model::RecordKind::dns},
    {"lldp", Transport::link, lldp::sniff, lldp::parse, model::RecordKind::lldp},
    {"cdp", Transport::link, cdp::sniff, cdp::parse, model::RecordKind::cdp},
    {"ndp", Transport::icmpv6, ndp::sniff, ndp::parse, model::RecordKind::ndp},
    {"tcp_syn", Transport::syn, tcp_syn::sniff, tcp_syn::parse, model::RecordKind::tcp_syn},
    {"tls_server", Transport::tcp, tls_server::sniff, tls_server::parse, model::RecordKind::tls_server},
    {"tls", Transport::tcp, tls::sniff, tls::parse, model::RecordKind::tls},
    {"http2", Transport::tcp, http2::sniff, http2::parse, model::RecordKind::http2},
    {"http", Transport::tcp, http::sniff, http::parse, model::RecordKind::http},
    {"openvpn_tcp", Transport::tcp, openvpn::sniff_stream, openvpn::parse_stream, model::RecordKind::openvpn},
    {"ssh", Transport::tcp, ssh::sniff, ssh::parse, model::RecordKind::ssh},
    {"mqtt", Transport::tcp, mqtt::sniff, mqtt::parse, model::RecordKind::mqtt},
    {"xmpp", Transport::tcp, xmpp::sniff, xmpp::parse, model::RecordKind::xmpp},
    {"mipush", Transport::tcp, mipush::sniff, mipush::parse, model::RecordKind::mipush},
};
inline constexpr std::size_t kProtocolCount = sizeof kProtocols / sizeof kProtocols[0];

}  // namespace telltale::extract
