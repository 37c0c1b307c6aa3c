// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sensor/base/result.h"
#include "sensor/correlate/save/saved.h"
#include "sensor/model/state_row.h"

namespace telltale::correlate {

// JSON Lines (RFC 8259, one object per line): a head with the version, one line per row with its "kind", and an end
// with the number of lines before it, without which the text is incomplete. Text from packets is written as the bytes
// that were seen. Personal data in clear: for the sensor's own disk.
std::string write_state(const SavedState& state);

// The reverse. The error names `source` and the line: nothing of a text that is damaged, incomplete or of another
// version is used. Fields that are missing keep their defaults; unknown ones and unknown kinds are errors, as is a
// device index that no device line has.
base::Result<SavedState> read_state(std::string_view text, std::string_view source);

// The same of rows. Rows that name a device that is not there are left out.
base::Result<SavedState> read_rows(const model::ReadRows& read, std::string_view source);

}  // namespace telltale::correlate
