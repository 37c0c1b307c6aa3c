// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "sensor/base/result.h"
#include "signatures/bundle.h"

namespace telltale::signatures {

// Loads the bundle whose manifest.yaml is in `dir` and validates it as a whole: either every entry is sound and its
// own examples hold, or there is no bundle. The error lists up to 50 problems, one per line, each as "file:line: what
// is wrong and what to do". The order of all tables depends on the files' names and contents alone. Nothing is thrown.
// For start-up and reload, never on a worker: it allocates and takes milliseconds. signatures/README.md describes the
// format. Limits: 8 MiB per file, 4,096 files, 65,536 signatures.
base::Result<Bundle> load_bundle(const std::filesystem::path& dir);

}  // namespace telltale::signatures
