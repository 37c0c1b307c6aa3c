// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/model/addresses.h"
#include "signatures/bundle.h"

namespace telltale::signatures {

// The IEEE registry of MAC prefixes (MA-L 24 bits, MA-M 28, MA-S 36): which organisation registered a prefix. A prefix
// says who made the network interface, which is often not who made the device. Loaded once at start, immutable then,
// shared by all threads. Prefixes registered as "Private" have no organisation.
class OuiRegistry {
  public:
    // Reads oui.csv, mam.csv and oui36.csv as Debian's package ieee-data installs them. oui.csv must be there; the
    // other two refine it. At most 16 MiB per file; lines in another format are skipped and counted.
    static base::Result<OuiRegistry> load(const std::filesystem::path& dir = "/usr/share/ieee-data");

    // The organisation by the longest prefix, or "" for an unknown prefix and for a multicast or locally administered
    // address, which has no registrant. The view lives as long as the registry.
    std::string_view organisation(const model::MacAddress& mac) const;

    std::size_t size() const { return prefixes_.size(); }
    std::size_t skipped_lines() const { return skipped_lines_; }

  private:
    struct Prefix {
        std::uint64_t key;  // prefix in the high bits of 48, its length in bits below them: one sorted table for all
        std::uint32_t begin;
        std::uint32_t length;
    };

    void add_file(std::string_view content);
    void add_line(std::string_view line);
    std::string_view find(std::uint64_t mac, std::uint32_t bits) const;

    void index();

    std::vector<Prefix> prefixes_;      // by key
    std::vector<std::uint32_t> first_;  // in prefixes_: of those that begin with these 16 bits; the end behind them
    std::string names_;
    std::size_t skipped_lines_ = 0;
};

// An organisation's name without what is written differently from year to year: lower case letters and digits alone.
std::string normalized_organisation(std::string_view name);

// Which maker of a bundle an organisation of the registry speaks for. Copies what it needs from the bundle; maker
// indexes are valid for the bundle that it was made from.
class RegistrantIndex {
  public:
    static constexpr std::int32_t kNone = -1;

    explicit RegistrantIndex(const Bundle& bundle);

    // Index into Bundle::makers, or kNone.
    std::int32_t maker_of(std::string_view organisation) const;

  private:
    std::unordered_map<std::string, std::int32_t> makers_;
};

}  // namespace telltale::signatures
