// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/correlate/what/dns_names.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// Index into Bundle::owners, or one of the reserved owners.
using OwnerIndex = std::int32_t;
inline constexpr OwnerIndex kUnattributedIndex = -1;
inline constexpr OwnerIndex kInternalIndex = -2;
inline constexpr OwnerIndex kMulticastIndex = -3;
inline constexpr OwnerIndex kTransitIndex = -4;

std::string_view owner_id(const signatures::Bundle& bundle, OwnerIndex owner);
std::string_view owner_name(const signatures::Bundle& bundle, OwnerIndex owner);
std::string_view owner_country(const signatures::Bundle& bundle, OwnerIndex owner);  // empty for reserved owners

// The names of a flow, by source.
struct FlowNames {
    NamedBy tls;
    NamedBy service;  // what a message in clear names: HTTP Host, CoAP Uri-Host, ...
    model::AttributionMethod service_method = model::AttributionMethod::none;  // where that was read
    NamedBy dns;                 // the accountable device's own last answer before the flow started
    NamedBy certificate;         // the server's, where it is in clear
    bool ech = false;            // the hello has an encrypted inner hello, so its name may be a stand-in
    bool cut = false;            // the capture is cut before the name
    bool encrypted_dns = false;  // the accountable device asks for names where nobody sees it
};

// Whose a flow is, and how that is known.
struct Attribution {
    OwnerIndex owner = kUnattributedIndex;
    signatures::Category category = signatures::Category::other;
    model::AttributionMethod method = model::AttributionMethod::none;
    model::UnattributedCause cause = model::UnattributedCause::no_name;
    signatures::SignatureId signature = signatures::kNoSignature;
    NameId name = kNoName;
    double confidence = 0;

    [[nodiscard]] bool attributed() const { return owner != kUnattributedIndex; }
};

// The TLS server name decides, else the service that a message in clear names, else the DNS answer, else the server's
// certificate. A service without a signature does not hide the owner that these give: programs write there what they
// like. A TLS name without a signature is left to the DNS answer only if that is about the same name (its aliases may
// have an owner), or if the hello hides the real name: servers choose the site by it. The outer name of a hello with
// ECH is believed where it has an owner, with less confidence, unless it is one of the names that clients put there on
// behalf of a whole provider.
Attribution attribute(const FlowNames& names, const signatures::Bundle& bundle, const NameTable& texts);

Attribution reserved_attribution(OwnerIndex owner);

}  // namespace telltale::correlate
