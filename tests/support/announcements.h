// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/bytes.h"

namespace telltale::support {

// Payloads with which devices announce themselves on the local network, and related ones.

// mDNS (RFC 6762), UDP 5353 to 224.0.0.251 or ff02::fb. `service` is "_ipp._tcp.local".
Bytes mdns_query(std::string_view service);
Bytes mdns_announcement(std::string_view instance, std::string_view service, std::string_view host, std::uint16_t port,
                        const std::vector<std::string>& txt, const Ip& address);

// SSDP (UPnP Device Architecture 2.0 chapter 1), UDP 1900 to 239.255.255.250.
Bytes ssdp_search(std::string_view search_target, std::string_view user_agent);
Bytes ssdp_notify(std::string_view location, std::string_view type, std::string_view server, std::string_view uuid);

// NTP (RFC 5905), UDP 123, 48 octets.
Bytes ntp_request(std::uint64_t time_ns);
Bytes ntp_response(std::uint64_t request_time_ns, std::uint64_t time_ns);

// An IPP request (RFC 8010) to put behind HTTP headers of POST /ipp/print.
Bytes ipp_request(std::uint16_t operation, std::uint32_t request_id, std::string_view printer_uri);

// Mi Push's first client packet: 0xc2fe0005, length, 0x00020016 and tagged fields in clear.
Bytes mi_push_hello(std::string_view model, std::string_view build, std::string_view client_id, std::string_view access,
                    std::string_view server, std::string_view locale);

}  // namespace telltale::support
