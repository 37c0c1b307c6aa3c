// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/match/compiled_signatures.h"

namespace telltale::match {

using Sha256Digest = std::array<unsigned char, 32>;

Sha256Digest sha256_of(std::string_view bytes);

// Compiled databases on disk, one file per bundle, named by the bundle's digest:
//
//   8  magic "TTLMATCH"          32  key: all that the content depends on
//   4  format number              8  length of the content
//   4  number of sections        32  SHA-256 of the content
//
// and then, as the content, for each section its length (8) and bytes. Integers are little-endian.
//
// Hyperscan executes a serialized database like code, so a file is used only if it is a regular file that belongs to
// this user (or root), that nobody else may write to, and whose digest is right.
class DatabaseCache {
  public:
    static constexpr std::uint32_t kFormat = 1;
    static constexpr std::size_t kHeaderBytes = 88;
    static constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;
    static constexpr std::size_t kMaxFiles = 8;  // files of older bundles are removed, oldest first

    DatabaseCache(std::filesystem::path folder, std::string_view bundle_digest, const Sha256Digest& key);

    struct Loaded {
        CacheOutcome outcome = CacheOutcome::missing;
        std::string note;                   // why it is not a hit
        std::vector<std::string> sections;  // on a hit
    };
    Loaded load(std::size_t section_count) const;

    // Writes to a temporary name with mode 0600, syncs and renames.
    base::Status store(const std::vector<std::string>& sections) const;

    const std::filesystem::path& file() const { return file_; }

  private:
    base::Status write_atomically(std::string_view bytes) const;
    void remove_oldest() const;

    std::filesystem::path folder_;
    std::filesystem::path file_;
    Sha256Digest key_;
};

}  // namespace telltale::match
