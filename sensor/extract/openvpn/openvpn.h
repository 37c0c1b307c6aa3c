// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/tls/hello_scratch.h"

namespace telltale::extract::openvpn {

inline constexpr OwnOutcome kOwnOutcomes[] = {
    {"without_hello", "Control channels whose ClientHello was not read: encrypted by tls-crypt, or cut"}};
inline constexpr const OwnOutcome* kWithoutHello = &kOwnOutcomes[0];

// OpenVPN's control channel, the client's side, over UDP and (each packet behind its length) TCP, on any port: the
// client's reset, and the TLS ClientHello in the first control packets ("Security Overview" of the OpenVPN community
// documentation; draft-openvpn-wire-protocol). With tls-auth packets carry an HMAC, which is passed over; with
// tls-crypt they are encrypted: then the record says only what the flow is. Over UDP a hello is read as far as its
// first datagram goes.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record,
             tls::HelloScratch& scratch);
Sniff sniff_stream(const Message& message);
Parsed parse_stream(const Message& message, MessageProgress& progress, model::RecordWriter& record,
                    tls::HelloScratch& scratch, quic::HelloStreams& streams);

}  // namespace telltale::extract::openvpn
