// SPDX-License-Identifier: Apache-2.0
// Saves a partition for the next run, and restores it from an earlier one.
#include "sensor/base/enumeration.h"
#include "sensor/correlate/what/bundle_ids.h"
#include "sensor/correlate/what/partition.h"

namespace telltale::correlate {
namespace {

KeptFlow kept_flow(const FlowState& flow, const signatures::Bundle& bundle, const NameTable& names) {
    const Attribution& attribution = flow.attribution;
    KeptFlow out;
    out.key = flow.key;
    out.up_is_a_to_b = flow.up == model::Direction::a_to_b;
    out.device_mac = flow.device_mac;
    out.start_ns = flow.start_ns;
    out.application = to_string(flow.application);
    out.owner = owner_id(bundle, attribution.owner);
    out.category = signatures::to_string(attribution.category);
    out.method = to_string(attribution.method);
    out.cause = to_string(attribution.cause);
    if (attribution.signature < bundle.signatures.size()) out.signature = bundle.signatures[attribution.signature].id;
    out.name = names.text(attribution.name);
    out.confidence = attribution.confidence;
    out.server_name = names.text(flow.server_name);
    out.ja3 = names.text(flow.ja3);
    out.ja4 = names.text(flow.ja4);
    out.ech = flow.names.ech;
    return out;
}

FlowState restored_flow(const KeptFlow& kept, DeviceIndex device, const BundleIds& ids, NameTable& names) {
    FlowState flow;
    flow.key = kept.key;
    flow.start_ns = kept.start_ns;
    flow.device = device;
    flow.device_mac = kept.device_mac;
    flow.up = kept.up_is_a_to_b ? model::Direction::a_to_b : model::Direction::b_to_a;
    flow.application = base::from_word<Application>(kept.application).value_or(Application::other);
    flow.server_name = names.intern(kept.server_name);
    flow.ja3 = names.intern(kept.ja3);
    flow.ja4 = names.intern(kept.ja4);
    flow.names.ech = kept.ech;
    flow.decided = true;
    flow.attribution = ids.attribution(kept);
    flow.attribution.name = names.intern(kept.name);
    return flow;
}

}  // namespace

void Partition::save(KeptWhat& kept) const {
    profiles_.for_each([&](const Profile& profile) {
        KeptProfile& out = kept.profiles[profile.device - 1];
        out.host_name = profile.host_name;
        out.host_names = profile.host_names;
        out.evidence = profile.evidence.items();
        out.last_seen_ns = profile.last_seen_ns;
        out.announced = profile.reported.announced;
        out.known = profile.reported.known;
        out.known_model = profile.reported.model;
    });
    destinations_.dns_names().for_each([&](const DnsNames::Answer& answer) {
        const signatures::SignatureId id = answer.named_by.signature;
        const std::string signature = id < bundle_->signatures.size() ? bundle_->signatures[id].id : "";
        kept.names.push_back({profiles_.device_at(answer.client), answer.address, names_.text(answer.named_by.name),
                              signature, answer.expires_ns, answer.sequence});
    });
    for (const Contact& contact : watch_.contacts().all()) {
        kept.contacts.push_back(
            {contact.flow.device, contact.flows, kept_flow(contact.flow, *bundle_, names_), contact.sequence});
    }
    for (const AlertBook::Open& open : watch_.alerts().all()) {
        kept.alerts.push_back({open.device, open.alert, kept_flow(open.flow, *bundle_, names_), open.told_count,
                               open.told_ns, open.sequence});
    }
}

void Partition::restore(const KeptWhat& kept, const std::vector<const Device*>& devices, const BundleIds& ids) {
    for (const Device* const device : devices) {
        if (!profiles_.owns(device->index)) continue;
        const KeptProfile& from = kept.profiles[device->index - 1];
        Profile& profile = profiles_.add(device->index);
        profile.id = device->id;
        profile.addresses = device->addresses;
        profile.macs = device->macs;
        profile.host_name = from.host_name;
        profile.host_names = from.host_names;
        profile.first_seen_ns = device->first_seen_ns;
        profile.last_seen_ns = from.last_seen_ns;
        profile.reported.announced = from.announced;
        profile.reported.known = from.known;
        profile.reported.model = from.known_model;
        identification_.restore(profile, from.evidence);
    }
    // A device may have found no room.
    const auto is_ours = [&](DeviceIndex device) { return device <= devices.size() && profiles_.owns(device); };
    for (const KeptName& name : kept.names) {
        if (!is_ours(name.device)) continue;
        const NamedBy by{names_.intern(name.name), ids.signature(name.signature)};
        destinations_.dns_names().restore(profiles_.place_of(name.device), name.address, by, name.expires_ns,
                                          name.sequence);
    }
    for (const KeptContact& contact : kept.contacts) {
        if (!is_ours(contact.device)) continue;
        watch_.contacts().restore(restored_flow(contact.flow, contact.device, ids, names_),
                                  profiles_.place_of(contact.device), contact.sequence, contact.flows);
    }
    for (const KeptAlert& alert : kept.alerts) {
        if (!is_ours(alert.device)) continue;
        watch_.alerts().restore({alert.alert, alert.device, restored_flow(alert.flow, alert.device, ids, names_),
                                 alert.told_count, alert.told_ns, alert.sequence});
    }
}

}  // namespace telltale::correlate
