// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/tls/hello_scratch.h"

namespace telltale::extract::tls_server {

// A server's answer to a ClientHello, over one or several records and segments, any port: ServerHello (RFC 8446
// section 4.1.3, RFC 5246 section 7.4.1.3) with JA3S, and, up to TLS 1.2, the server's own certificate (RFC 5246
// section 7.4.2). One record per answer; a HelloRetryRequest is an answer of its own.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record,
             tls::HelloScratch& scratch);

}  // namespace telltale::extract::tls_server
