// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/summary/summary.h"

#include <algorithm>

#include "sensor/app/summary/summary_state.h"

namespace telltale::app {
namespace {

constexpr std::size_t kMaxNamesPerOwner = 10'000;

void add_name(OwnerRow& owner, const std::string& name, std::int64_t weight) {
    if (name.empty()) return;
    const auto found = owner.names.find(name);
    if (found != owner.names.end()) {
        found->second += weight;
    } else if (owner.names.size() < kMaxNamesPerOwner) {
        owner.names.emplace(name, weight);
    }
}

// Returns the device's share of the owner; a new share also lists the device with the owner. Searches the device's
// list, which is the short one.
DeviceRow::Share& share_of(DeviceRow& device, OwnerRow& owner) {
    for (DeviceRow::Share& share : device.owners) {
        if (share.owner == &owner) return share;
    }
    owner.devices.push_back(&device);
    return device.owners.emplace_back(DeviceRow::Share{&owner, std::nullopt});
}

// Returns the row of `id`; nullptr if the map is full.
template <typename Row>
Row* row_of(std::map<std::string, Row>& rows, const std::string& id) {
    const auto found = rows.find(id);
    if (found != rows.end()) return &found->second;
    return rows.size() < Summary::kMaxDevices ? &rows[id] : nullptr;
}

Traffic traffic_of(const model::Transfer& transfer) {
    return {static_cast<std::int64_t>(transfer.bytes_up), static_cast<std::int64_t>(transfer.bytes_down)};
}

void add_transfer(OwnerRow& owner, const model::DestinationView& to, const model::Transfer& transfer) {
    const Traffic traffic = traffic_of(transfer);
    owner.traffic += traffic;
    if (!to.category.empty()) owner.categories[to.category] += traffic;
    const auto names = static_cast<std::int64_t>(transfer.domains.size());
    for (const std::string& name : transfer.domains) add_name(owner, name, traffic.both() / names);
}

}  // namespace

Summary::Summary() : state_(std::make_unique<State>()) {}
Summary::~Summary() = default;

void Summary::add(const model::Event& event) {
    State& state = *state_;
    static const std::string kNone;
    const std::string& device_id = event.device ? event.device->id : kNone;
    DeviceRow* device = event.device ? state.devices.row_of(*event.device, kMaxDevices) : nullptr;
    if (device != nullptr) device->device = event.device;
    if (event.alert) {
        if (AlertRow* row = row_of(state.alerts, event.alert->id); row != nullptr) {
            *row = {*event.alert, device_id};
        } else {
            ++state.not_listed;
        }
    }
    // A transfer counts in the total even if its rows do not fit.
    if (event.transfer) state.total += traffic_of(*event.transfer);
    const bool contact = event.transfer || event.dataset() == model::Dataset::destination;
    if (!event.destination || !contact) return;

    const model::DestinationView& to = *event.destination;
    static const std::string kUnattributed(model::kOwnerUnattributed);
    const std::string& owner_id = to.owner_id.empty() ? kUnattributed : to.owner_id;
    OwnerRow* owner = row_of(state.owners, owner_id);
    if (owner == nullptr || (device == nullptr && event.device)) ++state.not_listed;
    if (event.transfer && device != nullptr) device->traffic += traffic_of(*event.transfer);
    if (owner != nullptr) {
        if (owner->id.empty()) owner->id = owner_id;
        if (owner->name.empty()) owner->name = to.owner_name;
        if (owner->country.empty()) owner->country = to.owner_country;
        if (to.hosting && !to.hosting->country.empty()) owner->hosting_countries.insert(to.hosting->country);
        add_name(*owner, to.domain, 0);
        if (event.transfer) add_transfer(*owner, to, *event.transfer);
    }
    if (owner != nullptr && device != nullptr) {
        DeviceRow::Share& share = share_of(*device, *owner);
        if (event.transfer) {
            if (!share.traffic) share.traffic.emplace();
            *share.traffic += traffic_of(*event.transfer);
        }
    }
    if (!event.transfer) return;
    for (const model::Transfer::Unattributed& why : event.transfer->unattributed) {
        state.causes[why.cause] += static_cast<std::int64_t>(why.bytes);
    }
}

}  // namespace telltale::app
