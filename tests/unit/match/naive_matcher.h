// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "signatures/bundle.h"

namespace telltale::match::testing {

// A signature as the oracle sees it: what the file says, in words.
struct NaivePattern {
    std::string set;   // as in the YAML: "host_name", "user_agent", ...
    std::string kind;  // "suffix", "exact", "regex"
    std::string pattern;
    bool caseless = true;
    std::vector<std::string> match;
    std::vector<std::string> no_match;
    std::string where;  // "owners/xiaomi.yaml:3"

    // Names the pattern in a comparison; ids are derived, this is not.
    std::string key() const;
};

NaivePattern naive_pattern_of(const signatures::Signature& signature);

// The oracle of the Scanner: slow, plain, and with nothing in common with it. Reads the YAML files by itself (yaml-cpp,
// no validation), walks a host name's suffixes through a map, compares whole texts, and runs every regex through PCRE2.
class NaiveMatcher {
  public:
    NaiveMatcher() = default;

    // Every *.yaml below a folder that has destinations or fingerprints. Throws what yaml-cpp throws.
    static NaiveMatcher from_yaml(const std::filesystem::path& folder);

    void add(NaivePattern pattern);  // throws std::runtime_error when PCRE2 refuses a regex

    // The keys of all patterns of a set that match, sorted.
    std::vector<std::string> matches(const std::string& set, std::string_view text) const;

    const std::vector<NaivePattern>& patterns() const { return patterns_; }

  private:
    struct Regex;

    std::vector<NaivePattern> patterns_;
    std::multimap<std::string, std::size_t> suffixes_;  // lower case
    std::multimap<std::string, std::size_t> exact_;     // lower case
    std::vector<std::pair<std::shared_ptr<const Regex>, std::size_t>> regexes_;
};

}  // namespace telltale::match::testing
