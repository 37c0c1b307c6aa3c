// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::dhcpv6 {

// DHCPv6 over UDP, ports 546 and 547 (RFC 8415). One record per message, also for the one inside a relay's: who asks
// (DUID and the MAC in it), what for (option request option in order), vendor class, domain name (RFC 4704), addresses.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::dhcpv6
