// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sensor/model/event.h"

namespace telltale::model {

// Events in words, for a person. A sentence is made of the event as it leaves, so that it holds nothing that privacy
// has taken out of it, and only where somebody reads it. Text from the network is escaped (readable.h).

// Appends Event::message, or if it is empty what the event's parts say; nothing if they say nothing.
void append_sentence(std::string& out, const Event& event);

// "Redmi-1S", "Redmi 1S 192.168.1.5", "192.168.1.5", "aa:bb:cc:dd:ee:ff"
std::string label_of(const DeviceView& device);
// "api.account.xiaomi.com (Xiaomi, CN)", "192.0.2.1 (owner not known: no name)"
std::string label_of(const DestinationView& destination);

}  // namespace telltale::model
