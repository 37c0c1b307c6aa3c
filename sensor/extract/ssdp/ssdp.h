// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::ssdp {

// SSDP over UDP (UPnP Device Architecture 2.0, section 1): M-SEARCH, NOTIFY and answers to searches. One record a
// message: SERVER, USER-AGENT, USN, LOCATION, ST, NT and NTS.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::ssdp
