// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::http {

// HTTP/1 requests on any port (RFC 9110, RFC 9112). One record a request: method, target, Host, User-Agent,
// X-Requested-With, the names of all fields and of cookies. The head may span segments, up to kMaxHeadBytes.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::http
