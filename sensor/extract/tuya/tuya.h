// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::tuya {

// What devices with Tuya's platform announce in the local network (Tuya's protocol 3.1 to 3.4; tinytuya's documentation, there
// is no specification), in clear to UDP port 6666: address, product key, protocol version, device id.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, Progress& progress, Workspace& workspace, model::RecordWriter& record);

}  // namespace telltale::extract::tuya
