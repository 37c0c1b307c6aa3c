// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sensor/base/result.h"

namespace telltale::app {

// Returns the content of a site key file, 16 to 4096 bytes; empty for an empty path. `option` names the option in the
// error.
base::Result<std::string> read_site_key(const std::filesystem::path& file, std::string_view option);

}  // namespace telltale::app
