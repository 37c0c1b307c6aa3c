// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/flow_state.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// Whether a ClientHello begins DNS that is encrypted, and which: over TLS (RFC 7858: port 853 or ALPN "dot"), over QUIC
// (RFC 9250: UDP port 853 or ALPN "doq"), over HTTPS (RFC 8484: the name of a public resolver). `other`: none of them.
Application encrypted_dns(const model::RecordView& hello);

}  // namespace telltale::correlate
