// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/tls/hello_scratch.h"

namespace telltale::extract::dtls {

// The client's hello of DTLS 1.0 to 1.3 over UDP (RFC 6347 sections 4.1 and 4.2, RFC 9147 section 5), and of OpenSSL's
// DTLS before the first RFC: as `tls`, with JA4's d. Its fragments may come in one record each, in several datagrams
// and in any order. A hello with the server's cookie is another hello and another record.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, tls::HelloScratch& scratch,
             quic::HelloStreams& streams);

}  // namespace telltale::extract::dtls
