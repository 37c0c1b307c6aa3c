// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/fleet_figures.h"

#include <algorithm>

namespace telltale::app {
namespace {

bool stays_inside(std::string_view owner) {
    return owner == model::kOwnerInternal || owner == model::kOwnerMulticast || owner == model::kOwnerTransit;
}

template <typename Counts>
void take_one(Counts& counts, const std::string& key) {
    if (--counts[key] == 0) counts.erase(key);
}

// The `shown` largest of them by name, the rest together.
std::map<std::string, std::uint64_t> largest(const std::unordered_map<std::string, std::uint64_t>& counts,
                                             std::size_t shown) {
    std::vector<std::pair<std::uint64_t, std::string>> sorted;
    sorted.reserve(counts.size());
    for (const auto& [name, count] : counts) sorted.emplace_back(count, name);
    std::sort(sorted.rbegin(), sorted.rend());
    std::map<std::string, std::uint64_t> result;
    for (std::size_t i = 0; i < sorted.size(); ++i) result[i < shown ? sorted[i].second : "other"] += sorted[i].first;
    return result;
}

}  // namespace

void FleetFigures::expect_alerts(const std::string& policy, model::Severity severity) {
    const std::lock_guard lock(mutex_);
    if (sums_.alerts.size() < kMaxPolicies) sums_.alerts[{policy, severity}];
}

void FleetFigures::add(const model::Event& event) {
    const std::lock_guard lock(mutex_);
    if (event.transfer && event.destination) add_transfer(event);
    if (event.dataset() == model::Dataset::device && event.device) add_device(*event.device);
    if (event.alert && event.alert->state == model::AlertState::open) {
        const std::pair key{event.alert->policy_id, event.alert->severity};
        if (sums_.alerts.size() < kMaxPolicies || sums_.alerts.contains(key)) {
            ++sums_.alerts[key];
        } else {
            ++sums_.policies_beyond;
        }
    }
}

// Counts negative deltas, which take bytes back, separately.
void FleetFigures::add_transfer(const model::Event& event) {
    const std::array<std::int64_t, 2> deltas = {static_cast<std::int64_t>(event.transfer->bytes_up),
                                                static_cast<std::int64_t>(event.transfer->bytes_down)};
    add_to_country(*event.destination, deltas);
    TwoWays* into = &sums_.other;
    Owner* owner = nullptr;
    if (const auto found = owners_.find(event.destination->owner_id); found != owners_.end()) {
        owner = &found->second;
    } else if (owners_.size() < kMaxOwners) {
        owner = &owners_[event.destination->owner_id];
        owner->shown = model::is_reserved_owner(event.destination->owner_id);
    }
    if (owner != nullptr) {
        for (const std::int64_t delta : deltas)
            owner->all += static_cast<std::uint64_t>(std::max<std::int64_t>(delta, 0));
        if (!owner->shown && may_be_shown(*owner)) {
            owner->shown = true;
            ++shown_;
        }
        if (owner->shown) into = &owner->bytes;
    }
    for (std::size_t way = 0; way < deltas.size(); ++way) {
        if (deltas[way] >= 0) {
            (*into)[way] += static_cast<std::uint64_t>(deltas[way]);
        } else {
            sums_.taken_back[way] += static_cast<std::uint64_t>(-deltas[way]);
        }
    }
}

// Bytes that are taken back stay with "not known", as they stay with the owner unattributed.
void FleetFigures::add_to_country(const model::DestinationView& destination,
                                  const std::array<std::int64_t, 2>& deltas) {
    if (stays_inside(destination.owner_id)) return;
    TwoWays& bytes = sums_.countries[destination.owner_country];
    for (std::size_t way = 0; way < deltas.size(); ++way) {
        bytes[way] += static_cast<std::uint64_t>(std::max<std::int64_t>(deltas[way], 0));
    }
}

// Everyone is shown while slots are free; then an owner is added when it overtakes one of the top K, 2 K at most.
bool FleetFigures::may_be_shown(const Owner& owner) const {
    if (shown_ < top_owners_) return true;
    if (shown_ >= 2 * top_owners_) return false;
    std::size_t larger = 0;
    for (const auto& [id, other] : owners_) {
        if (&other != &owner && !model::is_reserved_owner(id) && other.all >= owner.all) ++larger;
    }
    return larger < top_owners_;
}

void FleetFigures::add_device(const model::DeviceView& device) {
    std::pair now{device.maker_id, device.device_class};
    const auto known = devices_.find(device.id);
    if (known == devices_.end()) {
        if (devices_.size() >= max_devices_) {
            ++sums_.devices_beyond;
            return;
        }
        ++makers_[now.first];
        ++sums_.devices_by_class[now.second];
        devices_.emplace(device.id, std::move(now));
        return;
    }
    if (known->second == now) return;
    take_one(makers_, known->second.first);
    take_one(sums_.devices_by_class, known->second.second);
    ++makers_[now.first];
    ++sums_.devices_by_class[now.second];
    known->second = std::move(now);
}

FleetSums FleetFigures::sums() const {
    const std::lock_guard lock(mutex_);
    FleetSums sums = sums_;
    sums.devices_by_maker = largest(makers_, kMakersShown);
    std::vector<std::uint64_t> all;
    for (const auto& [id, owner] : owners_) {
        if (!model::is_reserved_owner(id)) all.push_back(owner.all);
        if (owner.shown) sums.owners.push_back({id, owner.bytes});
    }
    std::sort(all.rbegin(), all.rend());
    const std::uint64_t least = all.size() < top_owners_ ? 0 : all[top_owners_ - 1];
    for (const auto& [id, owner] : owners_) {
        if (owner.shown) continue;
        ++sums.owners_in_other;
        if (owner.all > least) ++sums.owners_cut;
    }
    return sums;
}

}  // namespace telltale::app
