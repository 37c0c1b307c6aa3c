// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/save/saved.h"
#include "sensor/correlate/what/fields.h"
#include "sensor/correlate/who/fields.h"

namespace telltale::correlate {

// The fields of the lines that are made of both halves, once for both directions. `Archive` is called with a name and a
// value that it writes, or sets.

template <typename Archive>
void fields(Archive& archive, StateHead& head) {
    archive("version", head.version);
    archive("site", head.site);
    archive("segments", head.segments);
}

template <typename Archive>
void fields(Archive& archive, SavedDevice& device) {
    fields(archive, device.who);
    archive("evidence", device.what.evidence);
    fields_of_report(archive, device.what);
}

}  // namespace telltale::correlate
