// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/fleet_figures.h"

#include <algorithm>

namespace telltale::app {

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
        ++sums_.devices[now];
        devices_.emplace(device.id, std::move(now));
        return;
    }
    if (known->second == now) return;
    if (--sums_.devices[known->second] == 0) sums_.devices.erase(known->second);
    ++sums_.devices[now];
    known->second = std::move(now);
}

FleetSums FleetFigures::sums() const {
    const std::lock_guard lock(mutex_);
    FleetSums sums = sums_;
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
