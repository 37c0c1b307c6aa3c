// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sensor/extract/dhcp/dhcp.h"
#include "sensor/extract/dns/dns.h"
#include "sensor/extract/http/http.h"
#include "sensor/extract/protocol.h"
#include "sensor/extract/tls/tls.h"

namespace telltale::extract {

// Every protocol that the sensor reads, one line each. The first whose sniff() says yes gets the message.
inline constexpr Protocol kProtocols[] = {
    {"dns", Transport::udp, dns::sniff, dns::parse, model::RecordKind::dns},
    {"dns_tcp", Transport::tcp, dns::sniff_stream, dns::parse_stream, model::RecordKind::dns},
    {"dhcp", Transport::udp, dhcp::sniff, dhcp::parse, model::RecordKind::dhcp},
    {"tls", Transport::tcp, tls::sniff, tls::parse, model::RecordKind::tls},
    {"http", Transport::tcp, http::sniff, http::parse, model::RecordKind::http},
};
inline constexpr std::size_t kProtocolCount = sizeof kProtocols / sizeof kProtocols[0];

}  // namespace telltale::extract
