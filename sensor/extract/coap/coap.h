// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::coap {

// A request of CoAP over UDP (RFC 7252 sections 3 and 5.10): method, Uri-Host, Uri-Path. Values of queries and payloads
// are not read.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::coap
