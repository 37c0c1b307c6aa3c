// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::lldp {

// LLDP (IEEE 802.1AB-2016 section 8): what a switch, an access point, a telephone or a printer says of itself to its
// neighbour: chassis, port, name, description, capabilities, management address; of LLDP-MED (ANSI/TIA-1057 section
// 10.2.6) manufacturer, model and software. Serial and asset numbers are not read.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::lldp
