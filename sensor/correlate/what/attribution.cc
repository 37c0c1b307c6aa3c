// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/attribution.h"

#include <algorithm>

#include "signatures/said_rows.h"

namespace telltale::correlate {
namespace {

using model::AttributionMethod;
using model::UnattributedCause;

constexpr double kOuterNameConfidence = 0.6;

// Public names of ECH configurations that stand for all sites of a provider.
constexpr std::string_view kFrontingNames[] = {"cloudflare-ech.com"};

bool has_owner(const NamedBy& named, const signatures::Bundle& bundle) {
    return named.name != kNoName && named.signature < bundle.signatures.size() &&
           bundle.signatures[named.signature].owner >= 0;
}

Attribution owned(const NamedBy& named, AttributionMethod method, const signatures::Bundle& bundle) {
    const signatures::Signature& signature = bundle.signatures[named.signature];
    return {signature.owner,
            signature.category,
            method,
            UnattributedCause::none,
            named.signature,
            named.name,
            signatures::confidence_of(method)};
}

Attribution unattributed(UnattributedCause cause, NameId name) {
    Attribution result;
    result.cause = cause;
    result.name = name;
    return result;
}

bool is_fronting(NameId name, const NameTable& texts) {
    return std::find(std::begin(kFrontingNames), std::end(kFrontingNames), texts.text(name)) !=
           std::end(kFrontingNames);
}

Attribution by_tls_name(const FlowNames& names, const signatures::Bundle& bundle, const NameTable& texts) {
    const bool stand_in = names.ech && is_fronting(names.tls.name, texts);
    if (!stand_in && has_owner(names.tls, bundle)) {
        Attribution result = owned(names.tls, AttributionMethod::tls_server_name, bundle);
        if (names.ech) result.confidence = kOuterNameConfidence;
        return result;
    }
    const bool same_name = names.dns.name == names.tls.name;
    if (has_owner(names.dns, bundle) && (same_name || names.ech)) {
        return owned(names.dns, AttributionMethod::dns_answer, bundle);
    }
    // A client that asked for the outer name itself most likely means it: browsers send ECH grease everywhere.
    const bool hidden = names.ech && (stand_in || !same_name);
    return unattributed(hidden ? UnattributedCause::hidden_name : UnattributedCause::unknown_name, names.tls.name);
}

Attribution without_owner(const FlowNames& names) {
    for (const NamedBy& named : {names.service, names.dns, names.certificate}) {
        if (named.name != kNoName) return unattributed(UnattributedCause::unknown_name, named.name);
    }
    if (names.cut) return unattributed(UnattributedCause::cut_name, kNoName);
    if (names.ech) return unattributed(UnattributedCause::hidden_name, kNoName);
    return unattributed(names.encrypted_dns ? UnattributedCause::encrypted_dns : UnattributedCause::no_name, kNoName);
}

}  // namespace

std::string_view owner_id(const signatures::Bundle& bundle, OwnerIndex owner) {
    switch (owner) {
        case kUnattributedIndex: return model::kOwnerUnattributed;
        case kInternalIndex: return model::kOwnerInternal;
        case kMulticastIndex: return model::kOwnerMulticast;
        case kTransitIndex: return model::kOwnerTransit;
        default: return bundle.owners[static_cast<std::size_t>(owner)].id;
    }
}

std::string_view owner_name(const signatures::Bundle& bundle, OwnerIndex owner) {
    return owner < 0 ? owner_id(bundle, owner) : bundle.owners[static_cast<std::size_t>(owner)].name;
}

std::string_view owner_country(const signatures::Bundle& bundle, OwnerIndex owner) {
    return owner < 0 ? std::string_view() : bundle.owners[static_cast<std::size_t>(owner)].country;
}

Attribution attribute(const FlowNames& names, const signatures::Bundle& bundle, const NameTable& texts) {
    if (names.tls.name != kNoName) return by_tls_name(names, bundle, texts);
    if (has_owner(names.service, bundle)) return owned(names.service, names.service_method, bundle);
    // Like a TLS name, HTTP's is overruled only by its own alias: content networks serve many names from one address.
    const bool http = names.service.name != kNoName && names.service_method == AttributionMethod::http_host;
    const bool may_overrule = !http || names.dns.name == names.service.name;
    if (may_overrule && has_owner(names.dns, bundle)) return owned(names.dns, AttributionMethod::dns_answer, bundle);
    if (!http && has_owner(names.certificate, bundle)) {
        return owned(names.certificate, AttributionMethod::tls_certificate, bundle);
    }
    return without_owner(names);
}

Attribution reserved_attribution(OwnerIndex owner) {
    Attribution result;
    result.owner = owner;
    result.method = AttributionMethod::reserved;
    result.cause = UnattributedCause::none;
    result.confidence = 1;
    return result;
}

}  // namespace telltale::correlate
