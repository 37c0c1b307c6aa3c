// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "signatures/problems.h"

namespace telltale::signatures {

// One file of a bundle. `name` is relative to the bundle's folder and goes into the digest, `shown` is the path for
// messages.
struct BundleFile {
    std::string name;
    std::string shown;
    std::string content;
};

// The manifest and the files that it names, in the manifest's order, the files of a folder by name.
struct BundleFiles {
    std::string version;
    std::vector<BundleFile> files;  // manifest.yaml not included
    std::string digest;             // SHA-256 over names, lengths and contents, the manifest's first; hexadecimal
};

// Reports files that cannot be read and reads the others. Limits: 8 MiB per file, 4,096 files, 64 MiB in all.
BundleFiles read_bundle_files(const std::filesystem::path& dir, Problems& problems);

}  // namespace telltale::signatures
