// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"

namespace telltale::extract::stun {

// STUN (RFC 8489 sections 5 and 14) and TURN's messages: SOFTWARE and REALM, which name the maker and the owner of a
// service. Messages without them have no record. Names of users and passwords are not read.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record);

}  // namespace telltale::extract::stun
