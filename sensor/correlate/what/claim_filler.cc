// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/claim_filler.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "sensor/correlate/what/bounded_text.h"
#include "signatures/pattern_match.h"

namespace telltale::correlate {

using signatures::DeviceClaim;

DeviceClaim ClaimFiller::fill(const signatures::Signature& signature, std::string_view text) {
    DeviceClaim claim = signature.claim;
    std::string* const texts[] = {&claim.maker, &claim.model, &claim.os, &claim.os_version, &claim.device_class};
    const bool has_groups = std::any_of(std::begin(texts), std::end(texts),
                                        [](const std::string* field) { return field->find('$') != std::string::npos; });
    if (!has_groups) return claim;

    const auto& regex = compiled(signature);
    signatures::Regex::Groups groups{};
    const bool found = regex && regex->search(text, groups) == signatures::Regex::Outcome::match;
    for (std::string* field : texts) {
        // Without the groups a field says nothing; better that than a literal "$1".
        if (field->find('$') == std::string::npos) continue;
        *field = found ? bounded(signatures::fill_groups(*field, groups)) : std::string();
    }
    return claim;
}

bool ClaimFiller::matches(const signatures::Signature& signature, std::string_view text) {
    if (signature.kind == signatures::PatternKind::exact) {
        return signatures::matches_exact(text, signature.pattern, signature.caseless);
    }
    const auto& regex = compiled(signature);
    return regex && regex->search(text) == signatures::Regex::Outcome::match;
}

const std::optional<signatures::Regex>& ClaimFiller::compiled(const signatures::Signature& signature) {
    const auto [entry, fresh] = patterns_.try_emplace(&signature);
    if (fresh && signature.kind == signatures::PatternKind::regex) {
        if (auto regex = signatures::Regex::compile(signature.pattern, signature.caseless)) {
            entry->second.emplace(std::move(*regex));
        }
    }
    return entry->second;
}

}  // namespace telltale::correlate
