// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/protocol.h"
#include "sensor/extract/tuya/announcement_opener.h"

namespace telltale::extract::tuya {

inline constexpr OwnOutcome kOwnOutcomes[] = {
    {"not_opened", "Announcements that the key of all devices does not open"}};
inline constexpr const OwnOutcome* kNotOpened = &kOwnOutcomes[0];

// Announcements of devices with Tuya's platform in the local network (Tuya's protocol 3.1 to 3.5; tinytuya's
// documentation, there is no specification): product key, protocol version, device id. In clear to UDP port 6666, later
// versions to port 6667 encrypted with a key that everybody has.
Sniff sniff(const Message& message);
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record,
             AnnouncementOpener& opener);

}  // namespace telltale::extract::tuya
