// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/watch.h"

#include <utility>

namespace telltale::correlate {

Watch::Watch(Config config, const signatures::Bundle& bundle, Profiles& profiles, const EventParts& parts,
             const RowMaker& rows, DeviceReports& reports, EventOutlet& outlet)
    : identified_confidence_(config.identified_confidence),
      profiles_(profiles),
      parts_(parts),
      rows_(rows),
      reports_(reports),
      outlet_(outlet),
      contacts_(config.contacts),
      policies_(bundle),
      alerts_(std::move(config.alerts), bundle, parts, rows, outlet) {}

void Watch::meet(Profile& profile, const FlowState& flow, const Moment& at) {
    const std::size_t place = profiles_.place_of(profile.device);
    if (contacts_.note(flow, place, at.sequence) == Contacts::Outcome::first) report_contact(profile, flow, at);
    const KnownIdentity known = known_identity(profile.identity, identified_confidence_);
    const DestinationFacts facts = parts_.facts(flow);
    for (std::size_t policy = 0; policy < policies_.size(); ++policy) {
        if (policies_.holds(policy, known, facts)) raise(policy, profile, flow, 1, at);
    }
}

void Watch::review(Profile& profile, const KnownIdentity& before, const KnownIdentity& now, const Moment& at) {
    contacts_.for_device(profiles_.place_of(profile.device), [&](const Contact& contact) {
        const DestinationFacts facts = parts_.facts(contact.flow);
        for (std::size_t policy = 0; policy < policies_.size(); ++policy) {
            const bool newly = policies_.asks_for_device(policy) && policies_.holds(policy, now, facts) &&
                               !policies_.holds(policy, before, facts);
            if (newly) raise(policy, profile, contact.flow, contact.flows, at);
        }
    });
}

void Watch::raise(std::size_t policy, Profile& profile, const FlowState& flow, std::uint64_t flows, const Moment& at) {
    reports_.flush(profile, at.time_ns);
    alerts_.raise(policy, profile, flow, flows, at);
}

void Watch::report_contact(Profile& profile, const FlowState& flow, const Moment& at) {
    reports_.flush(profile, at.time_ns);
    model::Event event;
    event.action = model::EventAction::destination_first_contact;
    event.time_ns = at.time_ns;
    event.device = parts_.device(profile);
    event.device_last_seen_ns = profile.last_seen_ns;
    event.destination = parts_.destination(flow);
    event.flow = parts_.flow(flow);
    rows_.report(profile, contacts_.all()[contacts_.all().size() - 1], event);
    outlet_.emit(at.sequence, std::move(event));
}

}  // namespace telltale::correlate
