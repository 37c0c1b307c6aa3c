// SPDX-License-Identifier: Apache-2.0
// Saves a partition for the next run, whole or as rows that change, and restores it from an earlier one.
#include <utility>

#include "sensor/base/clock.h"
#include "sensor/base/enumeration.h"
#include "sensor/correlate/rows/row_writer.h"
#include "sensor/correlate/what/bundle_ids.h"
#include "sensor/correlate/what/partition.h"

namespace telltale::correlate {
namespace {

// A device that is seen again is written again after this.
constexpr std::int64_t kSeenAgainNs = 600 * base::kSecondNs;

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
    profiles_.for_each([&](const Profile& profile) { kept.profiles[profile.device - 1] = RowMaker::kept(profile); });
    destinations_.dns_names().for_each([&](const DnsNames::Answer& answer) {
        kept.names.push_back(rows_.kept(answer, profiles_.device_at(answer.client)));
    });
    for (const Contact& contact : watch_.contacts().all()) kept.contacts.push_back(rows_.kept(contact));
    for (const AlertBook::Open& open : watch_.alerts().all()) kept.alerts.push_back(rows_.kept(open));
}

bool Partition::write_changes(RowWriter& rows) {
    const bool evidence = identification_.changed().write([&](Profile* profile) {
        profile->evidence_noted = false;
        return RowMaker::write_evidence(*profile, rows);
    });
    const bool seen = evidence && seen_.write([&](Profile* profile) {
        // Its report may have been written with an event since.
        if (!std::exchange(profile->report_noted, false)) return true;
        profile->written_seen_ns = profile->last_seen_ns;
        return RowMaker::write_report(*profile, rows);
    });
    const bool contacts = seen && watch_.contacts().changed().write([&](Contact* contact) {
        contact->noted = false;
        return rows_.write(profiles_[contact->flow.device], *contact, rows);
    });
    const bool alerts = contacts && watch_.alerts().changed().write([&](AlertBook::Open* open) {
        if (!std::exchange(open->noted, false)) return true;
        return rows_.write(profiles_[open->device], *open, rows);
    });
    const auto write_name = [&](std::size_t client, const model::IpAddress& address, const DnsNames::Answer* answer) {
        return rows_.write(profile_at(client), address, answer, rows);
    };
    return alerts && destinations_.dns_names().write_changes(write_name);
}

void Partition::note_seen(Profile& profile) {
    if (profile.last_seen_ns - profile.written_seen_ns < kSeenAgainNs) return;
    seen_.note(profile.report_noted, &profile);
}

void Partition::note_all() {
    profiles_.for_each([&](Profile& profile) {
        seen_.note(profile.report_noted, &profile);
        if (!profile.evidence.items().empty()) identification_.note(profile);
    });
    watch_.contacts().note_all();
    watch_.alerts().note_all();
    destinations_.dns_names().note_all();
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
        profile.last_seen_ns = profile.written_seen_ns = from.last_seen_ns;
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
