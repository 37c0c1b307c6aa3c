// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::mqtt {

// CONNECT, the first message of an MQTT client (MQTT 3.1; OASIS MQTT 3.1.1 section 3.1; MQTT 5.0 section 3.1): protocol
// version, client id, user name. The password and the will's message are not read.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::mqtt
