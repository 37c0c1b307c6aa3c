// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/bundle_ids.h"

#include <algorithm>
#include <iterator>

#include "sensor/base/enumeration.h"

namespace telltale::correlate {
namespace {

constexpr OwnerIndex kReservedOwners[] = {kUnattributedIndex, kInternalIndex, kMulticastIndex, kTransitIndex};
static_assert(std::size(kReservedOwners) == base::kCount<model::ReservedOwner>, "each reserved owner has an index");

}  // namespace

BundleIds::BundleIds(const signatures::Bundle& bundle) : bundle_(bundle) {
    for (std::size_t i = 0; i < bundle.signatures.size(); ++i) {
        signatures_.emplace(bundle.signatures[i].id, static_cast<signatures::SignatureId>(i));
    }
    for (const OwnerIndex owner : kReservedOwners) owners_.emplace(owner_id(bundle, owner), owner);
    for (std::size_t i = 0; i < bundle.owners.size(); ++i) {
        owners_.emplace(bundle.owners[i].id, static_cast<OwnerIndex>(i));
    }
}

signatures::SignatureId BundleIds::signature(std::string_view id) const {
    const auto found = signatures_.find(id);
    return found == signatures_.end() ? signatures::kNoSignature : found->second;
}

Attribution BundleIds::attribution(const KeptFlow& flow) const {
    Attribution out;
    out.signature = signature(flow.signature);
    out.confidence = flow.confidence;
    out.method = base::from_word<model::AttributionMethod>(flow.method).value_or(model::AttributionMethod::none);
    out.cause = base::from_word<model::UnattributedCause>(flow.cause).value_or(model::UnattributedCause::unknown_name);
    out.category = base::from_word<signatures::Category>(flow.category).value_or(signatures::Category::other);
    const auto owner = owners_.find(flow.owner);
    if (out.signature != signatures::kNoSignature && bundle_.signatures[out.signature].owner >= 0) {
        out.owner = bundle_.signatures[out.signature].owner;
        out.category = bundle_.signatures[out.signature].category;
    } else if (owner != owners_.end()) {
        out.owner = owner->second;
    } else {
        out = {};
        out.cause = model::UnattributedCause::unknown_name;
    }
    return out;
}

}  // namespace telltale::correlate
