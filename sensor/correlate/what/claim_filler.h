// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "signatures/bundle.h"
#include "signatures/regex.h"

namespace telltale::correlate {

// Fills a signature's claim from the text that matched it. Compiles each pattern once. Single-threaded.
class ClaimFiller {
  public:
    // `signature` must outlive the filler.
    signatures::DeviceClaim fill(const signatures::Signature& signature, std::string_view text);

    // Whether the signature is of this text, where a record has several texts of one set.
    bool matches(const signatures::Signature& signature, std::string_view text);

  private:
    const std::optional<signatures::Regex>& compiled(const signatures::Signature& signature);

    std::unordered_map<const signatures::Signature*, std::optional<signatures::Regex>> patterns_;
};

}  // namespace telltale::correlate
