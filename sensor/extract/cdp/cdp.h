// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::cdp {

// Cisco Discovery Protocol (Cisco, "Understanding and Configuring CDP"; the TLVs as Wireshark's documentation names
// them): device id, platform, software version, port, capabilities, address. Over SNAP with Cisco's organisation.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::cdp
