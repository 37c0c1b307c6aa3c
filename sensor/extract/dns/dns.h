// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::dns {

// DNS over UDP, port 53 on either side (RFC 1035, RFC 6891). One record per message: questions, and of the answer
// section A, AAAA, CNAME, PTR, SRV, TXT, HINFO, SVCB and HTTPS records with their time to live. A message that is cut
// is read up to the cut.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

// DNS over UDP on other ports, known by its form alone: one question of class IN and a common type, for a name of host
// name's letters, flags that fit, and no bytes after it that the counts do not explain.
Sniff sniff_elsewhere(const Message& message);

// The same over TCP, port 53: each message preceded by its length (RFC 7766 section 8). What is longer than a stream
// may keep is read as far as it goes.
Sniff sniff_stream(const Message& message);
Parsed parse_stream(const Message& message, MessageProgress& progress, model::RecordWriter& record);

// Multicast DNS, UDP port 5353 (RFC 6762, RFC 6763): records of all sections, and every name once.
Sniff sniff_multicast(const Message& message);
Parsed parse_multicast(const Message& message, MessageProgress& progress, model::RecordWriter& record);

// LLMNR over UDP, port 5355 (RFC 4795).
Sniff sniff_link_local(const Message& message);
Parsed parse_link_local(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::dns
