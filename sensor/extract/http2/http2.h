// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/http2/hpack.h"
#include "sensor/extract/protocol.h"

namespace telltale::extract::http2 {

// The first request of an HTTP/2 connection in clear, by prior knowledge or after an upgrade (RFC 9113
// sections 3.3, 3.4 and 6): method, authority, path, User-Agent, Host, the names of all fields. One record a
// connection. HPACK (RFC 7541) is nghttp2's.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, Scratch& scratch);

}  // namespace telltale::extract::http2
