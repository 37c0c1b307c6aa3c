// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/save/transfer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sensor/correlate/what/bundle_ids.h"

namespace telltale::correlate {
namespace {

// In the order in which one partition would have them.
template <typename Row>
std::vector<Row> in_order(std::vector<Row>&& rows) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& left, const Row& right) { return left.sequence < right.sequence; });
    return std::move(rows);
}

// Rows of an earlier run come before all of this one.
template <typename Row>
std::vector<Row> numbered(const std::vector<Row>& rows, std::uint64_t& last) {
    std::vector<Row> out = rows;
    for (std::size_t i = 0; i < out.size(); ++i) out[i].sequence = i + 1;
    last = std::max<std::uint64_t>(last, out.size());
    return out;
}

}  // namespace

SavedState take_state(const Who& who, std::span<const std::unique_ptr<Partition>> partitions) {
    KeptWho first;
    who.save(first);
    KeptWhat second;
    second.profiles.resize(first.devices.size());
    for (const auto& partition : partitions) partition->save(second);

    SavedState state;
    for (std::size_t i = 0; i < first.devices.size(); ++i) {
        state.devices.push_back({std::move(first.devices[i]), std::move(second.profiles[i])});
    }
    state.macs = std::move(first.macs);
    state.addresses = std::move(first.addresses);
    state.prefixes = std::move(first.prefixes);
    state.names = in_order(std::move(second.names));
    state.contacts = in_order(std::move(second.contacts));
    state.alerts = in_order(std::move(second.alerts));
    return state;
}

void give_state(const SavedState& state, Who& who, std::span<const std::unique_ptr<Partition>> partitions,
                const signatures::Bundle& bundle) {
    KeptWho first;
    KeptWhat second;
    for (const SavedDevice& device : state.devices) {
        first.devices.push_back(device.who);
        second.profiles.push_back(device.what);
    }
    first.macs = state.macs;
    first.addresses = state.addresses;
    first.prefixes = state.prefixes;
    std::uint64_t last = 0;
    second.names = numbered(state.names, last);
    second.contacts = numbered(state.contacts, last);
    second.alerts = numbered(state.alerts, last);

    who.restore(first, last);
    std::vector<const Device*> devices;
    for (DeviceIndex device = 1; device <= who.devices().size(); ++device) devices.push_back(&who.devices()[device]);
    const BundleIds ids(bundle);
    for (const auto& partition : partitions) partition->restore(second, devices, ids);
}

}  // namespace telltale::correlate
