// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/partition.h"

#include <algorithm>
#include <string>
#include <utility>

namespace telltale::correlate {

Partition::Partition(const Config& config, std::shared_ptr<const signatures::Bundle> bundle,
                     const signatures::OuiRegistry* registry, PlacedSink sink)
    : config_(config),
      bundle_(std::move(bundle)),
      outlet_(std::move(sink)),
      names_(config_.max_names),
      matched_(*bundle_),
      profiles_(config_.number, config_.partitions),
      parts_(*bundle_, names_),
      rows_(config_.keep_rows, *bundle_, names_),
      reports_(config_.identification.identified_confidence, parts_, rows_, outlet_),
      watch_(config_.watch, *bundle_, profiles_, parts_, rows_, reports_, outlet_),
      identification_(config_.identification, *bundle_, registry, matched_, reports_, watch_),
      destinations_(config_.destinations, *bundle_, names_, matched_, profiles_, identification_, watch_),
      seen_(config_.keep_rows) {}

void Partition::begin(const Moment& at) {
    if (at.frame != now_.frame) end_frame();
    now_ = at;
}

void Partition::end_frame() {
    reports_.flush_all(now_.time_ns);
    outlet_.end_frame(now_.frame);
}

void Partition::on_change(const Moment& at, const DeviceChange& change) {
    begin(at);
    if (change.kind == DeviceChange::Kind::new_device) return add(at, change);
    take(at, profiles_[change.device], change);
}

void Partition::add(const Moment& at, const DeviceChange& change) {
    Profile& profile = profiles_.add(change.device);
    profile.id = change.id_text();
    profile.first_seen_ns = profile.last_seen_ns = change.time_ns;
    reports_.note(profile, at.sequence);
}

void Partition::take(const Moment& at, Profile& profile, const DeviceChange& change) {
    switch (change.kind) {
        case DeviceChange::Kind::new_device: return;
        case DeviceChange::Kind::new_mac:
            profile.macs.push_back(change.mac);
            profile.changed();
            return identification_.on_mac(profile, change.mac, at);
        case DeviceChange::Kind::new_address:
            profile.addresses.push_back(change.address);
            profile.changed();
            return reports_.note(profile, at.sequence,
                                 [&] { return "new address " + model::to_string(change.address); });
        case DeviceChange::Kind::lost_address: std::erase(profile.addresses, change.address); return profile.changed();
        case DeviceChange::Kind::router: return identification_.on_router(profile, at);
        case DeviceChange::Kind::presence:
            profile.last_seen_ns = std::max(profile.last_seen_ns, change.time_ns);
            return note_seen(profile);
    }
}

void Partition::on_flow(const Moment& at, const FlowOpened& opened) {
    begin(at);
    destinations_.open(opened, at);
}

void Partition::close_interval(const Moment& at, bool last) {
    begin(at);
    destinations_.ledger().close(at.time_ns, last, [&](const Ledger::RowKey& key, model::Transfer&& transfer) {
        Profile& profile = profiles_[key.device];
        note_seen(profile);
        model::Event event;
        event.action = model::EventAction::transfer_summary;
        event.time_ns = transfer.end_ns;
        event.device = parts_.device(profile);
        event.device_last_seen_ns = profile.last_seen_ns;
        event.destination = parts_.owner(key.owner, static_cast<signatures::Category>(key.category));
        event.transfer = std::move(transfer);
        outlet_.emit_at({at.frame, at.sequence, EventPlace::Stage::transfers, key.interval_ns, key.device},
                        std::move(event));
    });
    watch_.update_alerts(at, last);
}

WhatCounters Partition::counters() const {
    const WhatParts parts(names_.counters(), destinations_.dns_names().counters(), identification_.counters(),
                          matched_.counters(), watch_.contacts().counters(), destinations_.ledger().counters(),
                          watch_.alerts().counters(), destinations_.counters());
    return {parts, destinations_.outcomes()};
}

}  // namespace telltale::correlate
