// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::xmpp {

// The header that a stream of XMPP begins with (RFC 6120 section 4.7): to, from and the content's namespace, of both
// sides. The server that a client asks for names the destination. TLS that follows (STARTTLS) is read by `tls`.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::xmpp
