// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/alert_book.h"

#include <algorithm>
#include <utility>

#include "sensor/correlate/what/row_maker.h"
#include "sensor/correlate/who/keyed_id.h"

namespace telltale::correlate {

AlertBook::AlertBook(Config config, const signatures::Bundle& bundle, const EventParts& parts, const RowMaker& rows,
                     EventOutlet& outlet)
    : config_(std::move(config)),
      bundle_(bundle),
      parts_(parts),
      rows_(rows),
      outlet_(outlet),
      changed_(config_.keep_rows) {}

AlertBook::Key AlertBook::key_of(std::size_t policy, DeviceIndex device, const FlowState& flow) {
    const Attribution& attribution = flow.attribution;
    Key key{static_cast<std::uint32_t>(policy),
            device,
            attribution.owner,
            static_cast<std::uint32_t>(attribution.category),
            kNoName,
            {}};
    if (!attribution.attributed()) {
        key.name = attribution.name;
        if (key.name == kNoName) key.address = flow.far().bytes;
    }
    return key;
}

bool AlertBook::restore(Open open) {
    const auto policy = std::find_if(bundle_.policies.begin(), bundle_.policies.end(),
                                     [&](const signatures::Policy& one) { return one.id == open.alert.policy_id; });
    if (policy == bundle_.policies.end()) return false;
    if (open_.size() >= config_.max_open) {
        ++counters_.alerts_over_limit;
        return false;
    }
    const Key key = key_of(static_cast<std::size_t>(policy - bundle_.policies.begin()), open.device, open.flow);
    open.alert.state = model::AlertState::update;
    by_key_.emplace(key, &open_.emplace_back(std::move(open)));
    return true;
}

void AlertBook::raise(std::size_t policy, const Profile& profile, const FlowState& flow, std::uint64_t flows,
                      const Moment& at) {
    const Key key = key_of(policy, profile.device, flow);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        model::Alert& alert = found->second->alert;
        alert.count += flows;
        alert.suppressed += flows;
        alert.last_seen_ns = std::max(alert.last_seen_ns, at.time_ns);
        counters_.alerts_suppressed += flows;
        changed_.note(found->second->noted, found->second);
        return;
    }
    if (open_.size() >= config_.max_open) {
        ++counters_.alerts_over_limit;
        return;
    }
    const signatures::Policy& source = bundle_.policies[policy];
    Open& open = open_.emplace_back();
    by_key_.emplace(key, &open);
    open.device = profile.device;
    open.sequence = at.sequence;
    open.flow = flow;
    model::Alert& alert = open.alert;
    alert.policy_id = source.id;
    alert.policy_name = source.name;
    alert.description = source.description;
    alert.severity = static_cast<model::Severity>(source.severity);
    alert.risk_score = source.risk_score;
    alert.reason = parts_.alert_reason(profile, flow);
    alert.count = flows;
    alert.suppressed = flows - 1;
    alert.first_seen_ns = flow.start_ns;
    alert.last_seen_ns = at.time_ns;
    const model::DestinationView to = parts_.destination(flow);
    std::string identifier = "alert:" + source.id + ":" + profile.id + ":" + to.owner_id + ":" + to.category;
    if (!flow.attribution.attributed()) {
        identifier += ":" + (to.domain.empty() ? model::to_string(flow.far()) : to.domain);
    }
    alert.id = SiteHash(config_.site_key)(identifier);
    alert.state = model::AlertState::open;
    ++counters_.alerts;
    outlet_.emit(at.sequence, tell(open, profile, at.time_ns));
    alert.state = model::AlertState::update;
}

void AlertBook::update(const Moment& at, bool last, const Profiles& profiles) {
    const std::int64_t now_ns = period_ns(at.time_ns);
    for (Open& open : open_) {
        // Reported in the future: before a restart, by a clock that was set back since. Its period begins anew.
        open.told_ns = std::min(open.told_ns, now_ns);
        const bool grown = open.alert.count > open.told_count;
        if (!grown || (!last && now_ns - open.told_ns < config_.update_ns)) continue;
        outlet_.emit_at({at.frame, at.sequence, EventPlace::Stage::alerts, 0, open.sequence},
                        tell(open, profiles[open.device], at.time_ns));
    }
}

model::Event AlertBook::tell(Open& open, const Profile& profile, std::int64_t time_ns) {
    model::Event event;
    event.action = model::EventAction::policy_alert;
    event.time_ns = time_ns;
    event.message = open.alert.policy_name + ": " + open.alert.reason;
    if (open.alert.count > 1) event.message += " (" + std::to_string(open.alert.count) + " flows)";
    event.device = parts_.device(profile);
    event.device_last_seen_ns = profile.last_seen_ns;
    event.destination = parts_.destination(open.flow);
    event.flow = parts_.flow(open.flow);
    event.alert = open.alert;
    open.told_count = open.alert.count;
    open.told_ns = period_ns(time_ns);
    rows_.report(profile, open, event);
    return event;
}

}  // namespace telltale::correlate
