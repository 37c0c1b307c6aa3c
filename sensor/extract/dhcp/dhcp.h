// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::dhcp {

// DHCPv4 and BOOTP, ports 67 and 68 on either side (RFC 2131, RFC 2132, RFC 951). One record per message, of clients
// and servers: who asks, what for, which address is given.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::dhcp
