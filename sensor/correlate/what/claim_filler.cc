// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/claim_filler.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "sensor/correlate/what/bounded_text.h"

namespace telltale::correlate {

using signatures::DeviceClaim;

DeviceClaim ClaimFiller::fill(const signatures::Signature& signature, std::string_view text) {
    DeviceClaim claim = signature.claim;
    std::string* const texts[] = {&claim.maker, &claim.model, &claim.os, &claim.os_version, &claim.device_class};
    const bool has_groups = std::any_of(std::begin(texts), std::end(texts),
                                        [](const std::string* field) { return field->find('$') != std::string::npos; });
    if (!has_groups) return claim;

    auto [entry, fresh] = patterns_.try_emplace(&signature);
    if (fresh && signature.kind == signatures::PatternKind::regex) {
        if (auto compiled = signatures::Regex::compile(signature.pattern, signature.caseless)) {
            entry->second.emplace(std::move(*compiled));
        }
    }
    signatures::Regex::Groups groups{};
    const bool found = entry->second && entry->second->search(text, groups) == signatures::Regex::Outcome::match;
    for (std::string* field : texts) {
        // Without the groups a field says nothing; better that than a literal "$1".
        if (field->find('$') == std::string::npos) continue;
        *field = found ? bounded(signatures::fill_groups(*field, groups)) : std::string();
    }
    return claim;
}

}  // namespace telltale::correlate
