// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::openvpn {

// OpenVPN's control channel, the client's side, over UDP and (each packet behind its length) TCP, on any port: the
// client's reset, and the TLS ClientHello in the first control packets ("Security Overview" of the OpenVPN community
// documentation; draft-openvpn-wire-protocol). With tls-auth packets carry an HMAC, which is passed over; with
// tls-crypt they are encrypted: then the record says only what the flow is. Over UDP a hello is read as far as its
// first datagram goes.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, Progress& progress, Workspace& workspace, model::RecordWriter& record);
Sniff sniff_stream(const Message& message);
Parsed parse_stream(const Message& message, Progress& progress, Workspace& workspace, model::RecordWriter& record);

}  // namespace telltale::extract::openvpn
