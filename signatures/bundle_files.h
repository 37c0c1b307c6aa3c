// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
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

// A MAC prefix alone names nobody: modules, docks and rebadged boards carry the prefix of who made the radio.
inline constexpr double kHighestRegistrantWeight = 0.55;

// The weights of entries without one of their own. Where it has no value, such an entry is refused.
struct UsualWeights {
    std::optional<float> maker_only;
    std::optional<float> registrant;
};

// The manifest and the files that it names, in the manifest's order, the files of a folder by name.
struct BundleFiles {
    std::string version;
    UsualWeights weights;
    std::int64_t released_s = 0;    // seconds since 1970; 0: not given
    std::vector<BundleFile> files;  // manifest.yaml not included
    std::string digest;             // SHA-256 over names, lengths and contents, the manifest's first; hexadecimal
};

// Reports files that cannot be read and reads the others. Limits: 8 MiB per file, 4,096 files, 64 MiB in all.
BundleFiles read_bundle_files(const std::filesystem::path& dir, Problems& problems);

}  // namespace telltale::signatures
