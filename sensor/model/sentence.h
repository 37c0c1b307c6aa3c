// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sensor/model/event.h"

namespace telltale::model {

// Events in words, for a person. They are made of the event as it leaves, so that nothing stands in them that privacy
// has taken out of it, and only where somebody reads them. Text from the network is escaped (readable.h).

// Event::message, else what the event's parts say; empty where they say nothing.
std::string sentence_of(const Event& event);

// "Redmi-1S", "Redmi 1S 192.168.1.5", "192.168.1.5", "aa:bb:cc:dd:ee:ff"
std::string label_of(const DeviceView& device);
// "api.account.xiaomi.com (Xiaomi, CN)", "192.0.2.1 (owner not known: no name)"
std::string label_of(const DestinationView& destination);

}  // namespace telltale::model
