// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_map>

#include "sensor/correlate/what/attribution.h"
#include "sensor/correlate/what/kept.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// Finds in a bundle what the rows of an earlier run name by id. The bundle must outlive it.
class BundleIds {
  public:
    explicit BundleIds(const signatures::Bundle& bundle);

    // kNoSignature if the bundle does not have it.
    [[nodiscard]] signatures::SignatureId signature(std::string_view id) const;
    // Attributes by what the bundle says today about the flow's signature, else its owner; unattributed if it knows
    // neither. Without the name.
    [[nodiscard]] Attribution attribution(const KeptFlow& flow) const;

  private:
    const signatures::Bundle& bundle_;
    std::unordered_map<std::string_view, signatures::SignatureId> signatures_;
    std::unordered_map<std::string_view, OwnerIndex> owners_;
};

}  // namespace telltale::correlate
