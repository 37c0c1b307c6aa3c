// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::mipush {

// The push service of Xiaomi's phones, TCP port 5222 or 443 (read off captures of such phones; there is no
// specification): the message CONN with which a phone begins has, in clear, its model, the version of its system, an
// identifier, the kind of network and the server. Messages: mark and version, length, type, lengths of header and
// payload, both in Protocol Buffers' encoding, a checksum.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::mipush
