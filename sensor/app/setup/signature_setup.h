// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/match/compiled_signatures.h"
#include "signatures/bundle.h"

namespace telltale::app {

// Returns the requested folder, else $TELLTALE_SIGNATURES, else the installed bundle, else that of the source tree.
base::Result<std::filesystem::path> find_signatures(const std::filesystem::path& asked);

// Returns the user's cache folder for compiled signatures ($XDG_CACHE_HOME or ~/.cache, with /telltale); empty if there
// is no such folder or it cannot be created.
std::filesystem::path user_cache_folder();

// Loads and compiles the bundle, from the cache if possible. `cache_dir` empty: no cache.
base::Result<std::shared_ptr<const match::CompiledSignatures>> load_signatures(const std::filesystem::path& folder,
                                                                               const std::filesystem::path& cache_dir);

}  // namespace telltale::app
