// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::tuya {

// What devices with Tuya's platform announce in the local network (Tuya's protocol 3.1 to 3.5; tinytuya's
// documentation, there is no specification): product key, protocol version, device id. In clear to UDP port 6666, later
// versions to port 6667 encrypted with a key that everybody has.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, Progress& progress, Workspace& workspace, model::RecordWriter& record);

}  // namespace telltale::extract::tuya
