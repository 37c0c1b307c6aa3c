// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::nbns {

// NetBIOS name service over UDP, port 137 (RFC 1001, RFC 1002 section 4.2). One record per message: the names that are
// asked for, registered or answered, decoded, each with its suffix (the 16th octet: what the name is for), and the
// addresses of name records.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::nbns
