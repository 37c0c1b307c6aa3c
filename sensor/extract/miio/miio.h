// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::miio {

// miIO, the protocol of Xiaomi's home devices in the local network, UDP port 54321 (python-miio, "miIO protocol"; there
// is no specification): whether it is a hello, and the device's number where it is given. Tokens and checksums are not
// read.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::miio
