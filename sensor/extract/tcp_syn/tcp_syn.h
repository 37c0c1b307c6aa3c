// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::tcp_syn {

// How a TCP connection is opened (RFC 9293 section 3.2): a SYN's time to live, window, options in order and their
// values, which differ between operating systems. Also as one text, "ttl:window:mss:wscale:option kinds:df", with * for
// an option that is not there.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::tcp_syn
