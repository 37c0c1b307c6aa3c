// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

Category category_of(MapReader& entry) {
    const auto index = entry.word("category", base::kWords<Category>);
    return index ? static_cast<Category>(*index) : Category::other;
}

void parse_destination(YamlValue item, std::string_view file, const std::string& owner, Draft& draft,
                       Problems& problems) {
    MapReader entry(item, file, "destination", problems);
    Signature signature;
    signature.set = PatternSet::host_name;
    parse_pattern(entry, true, signature);
    signature.owner = static_cast<std::int32_t>(draft.bundle.owners.size()) - 1;
    signature.category = category_of(entry);
    signature.maker_only = entry.flag("maker_only", false);
    entry.text("note");
    const bool says = parse_claim(entry, signature.claim);
    entry.finish();
    if (signature.maker_only && !says) {
        signature.claim.weight = draft.weights.maker_only.value_or(0);
        if (!draft.weights.maker_only) {
            entry.fail(signature.position.line,
                       "'maker_only' has no weight: give it one in 'says', or all of them in the manifest's 'weights'");
        }
    }
    // A destination that only the maker's devices contact is evidence for the maker, unless the entry claims otherwise.
    const DeviceClaim& claim = signature.claim;
    const bool silent = claim.maker.empty() && claim.os.empty() && claim.model.empty() && claim.device_class.empty();
    if (signature.maker_only && silent) signature.claim.maker = owner;
    if (says && !signature.maker_only) {
        entry.fail(signature.position.line, "'says' on a destination needs 'maker_only: true': anyone may contact it");
    }
    if (!signature.caseless) entry.fail(signature.position.line, "host names are always caseless");
    if (signature.id.empty()) signature.id = derived_id(owner, signature.pattern);
    draft.bundle.signatures.push_back(std::move(signature));
}

}  // namespace

void parse_owner(YamlValue map, YamlValue destinations, std::string_view file, Draft& draft, Problems& problems) {
    MapReader entry(map, file, "owner", problems);
    Owner owner;
    owner.position = entry.position();
    owner.id = entry.required_text("id");
    owner.name = entry.required_text("name");
    owner.legal_name = entry.text("legal_name");
    owner.country = entry.required_text("country");
    owner.sources = entry.required_texts("sources");
    entry.text("note");
    entry.finish();
    const std::string id = owner.id;
    draft.bundle.owners.push_back(std::move(owner));
    if (!destinations) return;
    for (YamlValue item = destinations.first(); item; item = item.next()) {
        parse_destination(item, file, id, draft, problems);
    }
}

}  // namespace telltale::signatures
