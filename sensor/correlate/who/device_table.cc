// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/device_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sensor/correlate/rows/row_writer.h"
#include "sensor/correlate/who/fields.h"

namespace telltale::correlate {

using Kind = DeviceChange::Kind;

namespace {

template <typename T>
bool holds(const std::vector<T>& values, const T& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

// Names an address in a segment, as a key of rows.
template <typename Address>
std::string key_text(model::Segment segment, const Address& address) {
    return std::to_string(segment.number()) + "/" + model::to_string(address);
}

}  // namespace

DeviceTable::DeviceTable(Config config, const HomeNetworks& home, DeviceListener& listener)
    : config_(std::move(config)),
      home_(home),
      listener_(listener),
      site_(config_.site_key),
      changed_devices_(config_.keep_rows),
      changed_macs_(config_.keep_rows),
      changed_addresses_(config_.keep_rows) {
    devices_.emplace_back();
}

DeviceTable::MacKey DeviceTable::key_of(model::Segment segment, const model::MacAddress& mac) {
    MacKey key{segment, {}};
    std::copy(mac.bytes.begin(), mac.bytes.end(), key.mac.begin());
    return key;
}

DeviceTable::AddressKey DeviceTable::key_of(model::Segment segment, const model::IpAddress& address) {
    return {segment, address.bytes};
}

DeviceTable::MacState* DeviceTable::mac_state(model::Segment segment, const model::MacAddress& mac) {
    const MacKey key = key_of(segment, mac);
    if (MacState* const found = macs_.find(key); found != nullptr) return found;
    if (macs_.size() >= 2 * config_.max_devices) {
        ++counters_.devices_over_limit;
        return nullptr;
    }
    return &macs_[key];
}

DeviceTable::AddressState* DeviceTable::address_state(model::Segment segment, const model::IpAddress& address) {
    const AddressKey key = key_of(segment, address);
    if (AddressState* const found = addresses_.find(key); found != nullptr) return found;
    if (addresses_.size() >= config_.max_addresses) {
        ++counters_.addresses_over_limit;
        return nullptr;
    }
    return &addresses_[key];
}

DeviceIndex DeviceTable::resolve(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                                 std::int64_t time_ns, Create create) {
    const bool has_address = home_.contains(segment, address);
    if (!mac.known() || mac.multicast()) {
        if (!has_address) return kNoDevice;
        if (create == Create::known_address && addresses_.find(key_of(segment, address)) == nullptr) return kNoDevice;
        return device_of_address(segment, address, address_state(segment, address), time_ns, create);
    }
    if (!has_address) return resolve_mac(segment, mac, time_ns);

    MacState* const state = mac_state(segment, mac);
    if (state == nullptr) return kNoDevice;
    AddressState* at = address_state(segment, address);
    const bool own = is_link_local(address) || (at != nullptr && at->bound_mac == mac);
    if (!own && !state->router && address.is_v4() && !holds(state->unbound, address)) {
        if (state->unbound.size() >= kMaxUnboundAddresses) {
            become_router(segment, *state, mac);
        } else {
            state->unbound.push_back(address);
            note(segment, mac, *state);
        }
    }
    if (!own && state->router) return device_of_address(segment, address, at, time_ns, create);
    const DeviceIndex device = device_of_mac(segment, *state, mac, at, time_ns);
    attach(segment, device, at, address);
    return device;
}

DeviceIndex DeviceTable::resolve_mac(model::Segment segment, const model::MacAddress& mac, std::int64_t time_ns) {
    if (!mac.known() || mac.multicast()) return kNoDevice;
    MacState* const state = mac_state(segment, mac);
    return state == nullptr ? kNoDevice : device_of_mac(segment, *state, mac, nullptr, time_ns);
}

DeviceIndex DeviceTable::bind(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                              std::int64_t time_ns) {
    if (!home_.contains(segment, address)) return resolve_mac(segment, mac, time_ns);
    if (!mac.known() || mac.multicast()) return kNoDevice;
    MacState* const state = mac_state(segment, mac);
    AddressState* const at = address_state(segment, address);
    if (state == nullptr) return kNoDevice;
    if (std::erase(state->unbound, address) != 0) note(segment, mac, *state);
    if (at != nullptr && bind_address(*at, mac)) note(segment, address, *at);
    const DeviceIndex device = device_of_mac(segment, *state, mac, at, time_ns);
    attach(segment, device, at, address);
    return device;
}

// Returns whether it was bound to another one.
bool DeviceTable::bind_address(AddressState& state, const model::MacAddress& mac) {
    if (state.bound_mac == mac) return false;
    std::erase(state.lost, mac);
    if (state.bound_mac.known()) {
        if (state.lost.size() >= kMaxLost) state.lost.erase(state.lost.begin());
        state.lost.push_back(state.bound_mac);
    }
    state.bound_mac = mac;
    return true;
}

DeviceIndex DeviceTable::claim(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                               std::int64_t time_ns) {
    const AddressState* const at = addresses_.find(key_of(segment, address));
    if (at != nullptr && holds(at->lost, mac)) return resolve_mac(segment, mac, time_ns);
    return bind(segment, mac, address, time_ns);
}

void DeviceTable::note_router(model::Segment segment, const model::MacAddress& mac) {
    if (!mac.known() || mac.multicast()) return;
    MacState* const state = mac_state(segment, mac);
    if (state != nullptr && !state->router) become_router(segment, *state, mac);
}

bool DeviceTable::is_router(model::Segment segment, const model::MacAddress& mac) const {
    const MacState* const found = macs_.find(key_of(segment, mac));
    return found != nullptr && found->router;
}

bool DeviceTable::is_home_host(model::Segment segment, const model::MacAddress& mac) const {
    const MacState* const found = macs_.find(key_of(segment, mac));
    return found != nullptr && !found->router && found->device != kNoDevice &&
           !devices_[found->device].addresses.empty();
}

DeviceIndex DeviceTable::device_of_mac(model::Segment segment, MacState& state, const model::MacAddress& mac,
                                       AddressState* address, std::int64_t time_ns) {
    if (state.device != kNoDevice) return state.device;
    const Identifier identifier = Identifier::of(mac);
    if (const DeviceIndex* const known = by_identifier_.find(identifier); known != nullptr) {
        state.device = *known;
    } else if (!state.router && address != nullptr && address->device != kNoDevice &&
               devices_[address->device].macs.empty()) {
        // The host behind the address shows its MAC address.
        state.device = address->device;
        add_identifier(devices_[state.device], identifier);
        devices_[state.device].macs.push_back(mac);
        tell({.kind = Kind::new_mac, .device = state.device, .mac = mac});
    } else {
        state.device = add_device(identifier, time_ns);
        if (state.device == kNoDevice) return kNoDevice;
        devices_[state.device].macs.push_back(mac);
        tell_new(devices_[state.device]);
        tell({.kind = Kind::new_mac, .device = state.device, .mac = mac});
    }
    note(segment, mac, state);
    if (state.router) tell({.kind = Kind::router, .device = state.device});
    return state.device;
}

DeviceIndex DeviceTable::device_of_address(model::Segment segment, const model::IpAddress& address, AddressState* state,
                                           std::int64_t time_ns, Create create) {
    if (state != nullptr && state->device != kNoDevice) return state->device;
    if (create == Create::known_address) return kNoDevice;
    const Identifier identifier = Identifier::of(segment, address);
    const DeviceIndex* const known = by_identifier_.find(identifier);
    const bool fresh = known == nullptr;
    const DeviceIndex device = fresh ? add_device(identifier, time_ns) : *known;
    if (device == kNoDevice) return kNoDevice;
    devices_[device].keyed_by_address = true;
    note(devices_[device]);
    if (state != nullptr) {
        state->device = device;
        note(segment, address, *state);
    }
    if (fresh) {
        devices_[device].addresses.push_back(address);
        tell_new(devices_[device]);
        tell({.kind = Kind::new_address, .device = device, .address = address});
    }
    return device;
}

DeviceIndex DeviceTable::add_device(const Identifier& identifier, std::int64_t time_ns) {
    if (size() >= config_.max_devices) {
        ++counters_.devices_over_limit;
        return kNoDevice;
    }
    const auto index = static_cast<DeviceIndex>(devices_.size());
    Device& device = devices_.emplace_back();
    device.index = index;
    device.id = site_(identifier.text());
    device.first_seen_ns = time_ns;
    add_identifier(device, identifier);
    ++counters_.devices;
    return index;
}

void DeviceTable::add_identifier(Device& device, const Identifier& identifier) {
    by_identifier_.try_emplace(identifier, device.index);
    device.identifiers.push_back(identifier);
    note(device);
}

void DeviceTable::attach(model::Segment segment, DeviceIndex index, AddressState* state,
                         const model::IpAddress& address) {
    if (index == kNoDevice || state == nullptr || state->device == index) return;
    if (state->device != kNoDevice && !devices_[state->device].keyed_by_address) {
        lose(devices_[state->device], address);  // it moved
    }
    state->device = index;
    note(segment, address, *state);
    Device& device = devices_[index];
    if (holds(device.addresses, address)) return;
    if (device.addresses.size() >= config_.max_addresses_per_device) {
        lose(device, model::IpAddress(device.addresses.front()));
        ++counters_.addresses_forgotten;
    }
    device.addresses.push_back(address);
    note(device);
    tell({.kind = Kind::new_address, .device = index, .address = address});
}

void DeviceTable::lose(Device& device, const model::IpAddress& address) {
    if (std::erase(device.addresses, address) == 0) return;
    note(device);
    tell({.kind = Kind::lost_address, .device = device.index, .address = address});
}

void DeviceTable::tell_new(const Device& device) {
    DeviceChange change{.kind = Kind::new_device, .device = device.index, .time_ns = device.first_seen_ns};
    assert(device.id.size() == change.id.size());
    std::copy_n(device.id.begin(), std::min(device.id.size(), change.id.size()), change.id.begin());
    tell(change);
}

void DeviceTable::become_router(model::Segment segment, MacState& state, const model::MacAddress& mac) {
    state.router = true;
    state.unbound.clear();
    note(segment, mac, state);
    ++counters_.routers;
    if (state.device == kNoDevice) return;
    // Addresses attributed to it so far belong to hosts behind it.
    Device& device = devices_[state.device];
    for (const model::IpAddress& address : std::vector(device.addresses)) {
        AddressState* const at = addresses_.find(key_of(segment, address));
        if (is_link_local(address) || at == nullptr || at->bound_mac == mac) continue;
        if (at->device == device.index) at->device = kNoDevice;
        note(segment, address, *at);
        lose(device, address);
    }
    tell({.kind = Kind::router, .device = device.index});
}

KeptDevice DeviceTable::kept(const Device& device) const {
    KeptDevice out{device.id, {}, device.addresses, device.macs, device.keyed_by_address, device.first_seen_ns};
    for (const Identifier& identifier : device.identifiers) out.identifiers.push_back(identifier.text());
    return out;
}

KeptMac DeviceTable::kept(const MacKey& key, const MacState& state) {
    KeptMac out{key.segment, {}, state.device, state.router, state.unbound};
    std::copy_n(key.mac.begin(), out.mac.bytes.size(), out.mac.bytes.begin());
    return out;
}

KeptAddress DeviceTable::kept(const AddressKey& key, const AddressState& state) {
    return {key.segment, model::IpAddress{key.address}, state.device, state.bound_mac};
}

void DeviceTable::save(KeptWho& kept) const {
    for (std::size_t i = 1; i < devices_.size(); ++i) kept.devices.push_back(this->kept(devices_[i]));
    for (const auto& [key, mac] : macs_) kept.macs.push_back(this->kept(key, mac));
    for (const auto& [key, address] : addresses_) kept.addresses.push_back(this->kept(key, address));
}

bool DeviceTable::write_device(DeviceIndex index, RowWriter& rows) {
    Device& device = devices_[index];
    if (!device.noted) return true;
    device.noted = false;
    KeptDevice row = kept(device);
    return rows.write("device", device.id, {}, row);
}

bool DeviceTable::write_changes(RowWriter& rows) {
    const bool devices = changed_devices_.write([&](DeviceIndex index) { return write_device(index, rows); });
    const bool macs = devices && changed_macs_.write([&](const MacKey& key) {
        MacState* const state = macs_.find(key);
        if (state == nullptr) return true;
        state->noted = false;
        KeptMac row = kept(key, *state);
        return rows.write("mac", key_text(row.segment, row.mac), devices_[state->device].id, row);
    });
    return macs && changed_addresses_.write([&](const AddressKey& key) {
        AddressState* const state = addresses_.find(key);
        if (state == nullptr) return true;
        state->noted = false;
        KeptAddress row = kept(key, *state);
        return rows.write("address", key_text(row.segment, row.address), devices_[state->device].id, row);
    });
}

void DeviceTable::note_all() {
    for (std::size_t i = 1; i < devices_.size(); ++i) note(devices_[i]);
    for (auto& [key, mac] : macs_) changed_macs_.note(mac.noted, key);
    for (auto& [key, address] : addresses_) changed_addresses_.note(address.noted, key);
}

void DeviceTable::restore(const KeptWho& kept) {
    for (const KeptDevice& saved : kept.devices) {
        if (size() >= config_.max_devices) {
            ++counters_.devices_over_limit;
            continue;
        }
        Device& device = devices_.emplace_back();
        device.index = static_cast<DeviceIndex>(devices_.size() - 1);
        device.id = saved.id;
        device.addresses = saved.addresses;
        device.macs = saved.macs;
        device.keyed_by_address = saved.keyed_by_address;
        device.first_seen_ns = saved.first_seen_ns;
        for (const std::string& text : saved.identifiers) {
            const auto identifier = Identifier::parse(text);
            if (!identifier) continue;
            by_identifier_.try_emplace(*identifier, device.index);
            device.identifiers.push_back(*identifier);
        }
    }
    for (const KeptMac& saved : kept.macs) {
        MacState* const mac = saved.device <= size() ? mac_state(saved.segment, saved.mac) : nullptr;
        if (mac != nullptr) *mac = {saved.device, saved.router, saved.unbound, false};
    }
    for (const KeptAddress& saved : kept.addresses) {
        AddressState* const address = saved.device <= size() ? address_state(saved.segment, saved.address) : nullptr;
        if (address != nullptr) *address = {saved.device, saved.bound_mac, {}, false};
    }
}

}  // namespace telltale::correlate
