// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/quic/initial_keys.h"
#include "sensor/extract/tls/hello_scratch.h"

namespace telltale::extract::quic {

inline constexpr OwnOutcome kOwnOutcomes[] = {
    {"not_opened", "First Initials of a direction that the client's keys do not open: a server's, or damaged"}};
inline constexpr const OwnOutcome* kNotOpened = &kOwnOutcomes[0];

class CryptoStream;

// The ClientHello in a client's Initial packets over UDP, any port (RFC 9000 section 17.2.2, RFC 9001, RFC 9369, drafts
// 22 to 34): one record a hello, as of TLS. Its CRYPTO frames may be spread over packets and datagrams in any order. A
// packet that its own connection id does not open (a server's, say) is left. The direction is done with the hello.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, tls::HelloScratch& scratch,
             HelloStreams& streams, InitialOpener& opener);

// Google's QUIC with its own handshake, Q024 to Q050: server name and user agent of a CHLO that is in one datagram.
Sniff sniff_google(const Message& message);
Parsed parse_google(const Message& message, MessageProgress& progress, model::RecordWriter& record,
                    InitialOpener& opener);

// The CRYPTO frames among an Initial's frames (RFC 9000 section 12.4). False where the frames are not sound or not
// an Initial's.
bool read_frames(base::Bytes frames, CryptoStream& stream);

}  // namespace telltale::extract::quic
