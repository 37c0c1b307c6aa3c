// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::ndp {

// IPv6 neighbour discovery (RFC 4861 section 4): which MAC says that it has, or is about to use, an address. Of
// solicitations from the unspecified address (duplicate address detection, RFC 4862 section 5.4) that is the target.
// Redirects are not read, and nothing that came through a router (hop limit below 255, section 6.1).
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::ndp
