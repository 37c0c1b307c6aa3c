// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::arp {

// ARP (RFC 826): which MAC has, or claims, an IPv4 address, from requests and replies alike. Reads the packet's fields,
// which decode has checked. Probes (RFC 5227 section 2.1.1), which claim no address yet, are passed over.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::arp
