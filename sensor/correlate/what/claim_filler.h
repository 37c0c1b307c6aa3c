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

  private:
    std::unordered_map<const signatures::Signature*, std::optional<signatures::Regex>> patterns_;
};

}  // namespace telltale::correlate
