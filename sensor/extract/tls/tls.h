// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/tls/hello_scratch.h"

namespace telltale::extract::tls {

// TLS ClientHello on any port, over one or several records and segments (RFC 8446, RFC 5246, RFC 6101, RFC 6066, RFC
// 7301). One record a hello: server name, ALPN, JA3, JA4, presence of an encrypted hello.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, HelloScratch& scratch);

}  // namespace telltale::extract::tls
