// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/destinations.h"

#include <algorithm>

namespace telltale::correlate {

Destinations::Destinations(Config config, const signatures::Bundle& bundle, NameTable& names, Matched& matched,
                           Profiles& profiles, Identification& identification, Watch& watch)
    : bundle_(bundle),
      names_(names),
      matched_(matched),
      profiles_(profiles),
      identification_(identification),
      watch_(watch),
      encrypted_dns_(bundle),
      dns_names_(config.dns_names),
      ledger_(config.ledger, bundle, names) {}

void Destinations::open(const FlowOpened& opened, const Moment& at) {
    FlowState& flow = flows_.open(opened);
    if (flow.device != kNoDevice) {
        Profile& profile = profiles_[flow.device];
        profile.last_seen_ns = std::max(profile.last_seen_ns, flow.start_ns);
    }
    if (flow.decided) return;
    flow.names.dns = dns_names_.find(profiles_.place_of(flow.device), flow.far(), flow.start_ns, at.sequence);
}

void Destinations::delta(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const model::FlowDelta delta = record.flow_delta();
    decide(flow, at);
    flow.decided = true;  // also what is reserved
    if (flow.device != kNoDevice) {
        const auto up = static_cast<std::size_t>(flow.up);
        const bool present = delta.packets[up] != 0 || (flow.both_sides && delta.packets[1 - up] != 0);
        Profile& profile = profiles_[flow.device];
        if (present) profile.last_seen_ns = std::max(profile.last_seen_ns, delta.last_ns);
    }
    ledger_.add(flow, delta);
    if (!delta.final) return;
    ++outcomes_.flows_by_method[flow.attribution.method];
    ++outcomes_.flows_by_cause[flow.attribution.cause];
    if (flow.names.ech) ++counters_.flows_with_ech;
    flows_.close(seen.flow);
}

void Destinations::decide(FlowState& flow, const Moment& at) {
    const bool reserved = flow.attribution.method == model::AttributionMethod::reserved;
    if (reserved || (flow.decided && flow.attribution.attributed())) return;
    const Attribution before = flow.attribution;
    flow.names.encrypted_dns = flow.device != kNoDevice && profiles_[flow.device].encrypted_dns;
    flow.attribution = attribute(flow.names, bundle_, names_);
    if (!flow.decided) {
        flow.decided = true;
        settle(flow, at);
    } else if (flow.attribution.attributed()) {
        ledger_.reattribute(flow, before, at.time_ns);
        settle(flow, at);
    } else if (flow.attribution.name != before.name) {
        settle(flow, at);
    }
}

void Destinations::settle(FlowState& flow, const Moment& at) {
    if (flow.device == kNoDevice) return;
    Profile& profile = profiles_[flow.device];
    const signatures::SignatureId id = flow.attribution.signature;
    if (id < bundle_.signatures.size() && bundle_.signatures[id].maker_only) {
        identification_.on_destination(profile, bundle_.signatures[id], names_.text(flow.attribution.name), at);
    }
    watch_.meet(profile, flow, at);
}

}  // namespace telltale::correlate
