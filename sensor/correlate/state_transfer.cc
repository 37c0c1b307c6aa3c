// SPDX-License-Identifier: Apache-2.0
// Between a correlator's parts and their saved form.
#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "sensor/correlate/correlator_state.h"
#include "sensor/correlate/keyed_id.h"

namespace telltale::correlate {
namespace {

// The enumerator of this text, or `otherwise`.
template <typename Enum, typename Name>
Enum enumerator(std::string_view text, std::size_t count, Enum otherwise, Name&& name) {
    for (std::size_t i = 0; i < count; ++i) {
        if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    }
    return otherwise;
}

constexpr std::array kReservedOwners = {kUnattributedIndex, kInternalIndex, kMulticastIndex, kTransitIndex};

std::string site_of(const CorrelateConfig& config) { return SiteHash(config.site_key)("state"); }

// Finds what a bundle has by the ids that a saved state names.
class BundleIds {
  public:
    explicit BundleIds(const signatures::Bundle& bundle) : bundle_(bundle) {
        for (std::size_t i = 0; i < bundle.signatures.size(); ++i) {
            signatures_.emplace(bundle.signatures[i].id, static_cast<signatures::SignatureId>(i));
        }
        for (const OwnerIndex owner : kReservedOwners) owners_.emplace(owner_id(bundle, owner), owner);
        for (std::size_t i = 0; i < bundle.owners.size(); ++i) {
            owners_.emplace(bundle.owners[i].id, static_cast<OwnerIndex>(i));
        }
    }

    [[nodiscard]] signatures::SignatureId signature(std::string_view id) const {
        const auto found = signatures_.find(id);
        return found == signatures_.end() ? signatures::kNoSignature : found->second;
    }

    // Of a bundle that has changed since: as it says now; where it knows the signature and the owner no more,
    // unattributed.
    [[nodiscard]] Attribution attribution(const SavedFlow& flow) const {
        Attribution out;
        out.signature = signature(flow.signature);
        out.confidence = flow.confidence;
        out.method = base::from_word<model::AttributionMethod>(flow.method).value_or(model::AttributionMethod::none);
        out.cause =
            base::from_word<model::UnattributedCause>(flow.cause).value_or(model::UnattributedCause::unknown_name);
        out.category = enumerator(flow.category, signatures::kCategoryCount, signatures::Category::other,
                                  [](auto category) { return signatures::to_string(category); });
        const auto owner = owners_.find(flow.owner);
        if (out.signature != signatures::kNoSignature && bundle_.signatures[out.signature].owner >= 0) {
            out.owner = bundle_.signatures[out.signature].owner;
            out.category = bundle_.signatures[out.signature].category;
        } else if (owner != owners_.end()) {
            out.owner = owner->second;
        } else {
            out = {};
            out.cause = model::UnattributedCause::unknown_name;
        }
        return out;
    }

  private:
    const signatures::Bundle& bundle_;
    std::unordered_map<std::string_view, signatures::SignatureId> signatures_;
    std::unordered_map<std::string_view, OwnerIndex> owners_;
};

SavedFlow saved_flow(const FlowState& flow, const signatures::Bundle& bundle, const NameTable& names) {
    const Attribution& attribution = flow.attribution;
    SavedFlow out;
    out.key = flow.key;
    out.up_is_a_to_b = flow.up == model::Direction::a_to_b;
    out.device_mac = flow.device_mac;
    out.start_ns = flow.start_ns;
    out.application = to_string(flow.application);
    out.owner = owner_id(bundle, attribution.owner);
    out.category = signatures::to_string(attribution.category);
    out.method = model::to_string(attribution.method);
    out.cause = model::to_string(attribution.cause);
    if (attribution.signature < bundle.signatures.size()) out.signature = bundle.signatures[attribution.signature].id;
    out.name = names.text(attribution.name);
    out.confidence = attribution.confidence;
    out.server_name = names.text(flow.server_name);
    out.ja3 = names.text(flow.ja3);
    out.ja4 = names.text(flow.ja4);
    out.ech = flow.names.ech;
    return out;
}

FlowState restored_flow(const SavedFlow& saved, DeviceIndex device, const BundleIds& ids, NameTable& names) {
    FlowState flow;
    flow.key = saved.key;
    flow.start_ns = saved.start_ns;
    flow.device = device;
    flow.device_mac = saved.device_mac;
    flow.up = saved.up_is_a_to_b ? model::Direction::a_to_b : model::Direction::b_to_a;
    flow.application = enumerator(saved.application, kApplicationCount, Application::other,
                                  [](auto application) { return to_string(application); });
    flow.server_name = names.intern(saved.server_name);
    flow.ja3 = names.intern(saved.ja3);
    flow.ja4 = names.intern(saved.ja4);
    flow.names.ech = saved.ech;
    flow.decided = true;
    flow.attribution = ids.attribution(saved);
    flow.attribution.name = names.intern(saved.name);
    return flow;
}

}  // namespace

SavedState Correlator::State::saved() const {
    SavedState state;
    state.site = site_of(config_);
    state.segments = config_.segments;
    devices_.save(state);
    reports_.save(state);
    home_.for_each_learned([&](model::Segment segment, const model::IpAddress& address) {
        state.prefixes.push_back({segment, address});
    });
    dns_names_.for_each([&](DeviceIndex device, const model::IpAddress& address, NamedBy by, std::int64_t expires_ns) {
        const bool known = by.signature < bundle_->signatures.size();
        state.names.push_back(
            {device, address, names_.text(by.name), known ? bundle_->signatures[by.signature].id : "", expires_ns});
    });
    for (const Contact& contact : contacts_.all()) {
        state.contacts.push_back({contact.flow.device, contact.flows, saved_flow(contact.flow, *bundle_, names_)});
    }
    for (const AlertBook::Open& open : alerts_.all()) {
        state.alerts.push_back(
            {open.device, open.alert, saved_flow(open.flow, *bundle_, names_), open.told_count, open.told_ns});
    }
    return state;
}

base::Status Correlator::State::restore(const SavedState& state, std::string_view source) {
    if (state.site != site_of(config_)) {
        return base::Error{std::string(source) +
                           ": the saved state was made with another site key: its ids are not ours"};
    }
    if (state.segments != config_.segments) {
        return base::Error{std::string(source) + ": the saved state was made with other taps (" + state.segments +
                           "; now " + config_.segments + ")"};
    }
    devices_.restore(state);
    reports_.restore(state);
    const auto present = [this](DeviceIndex device) { return device <= devices_.size(); };  // it may have found no room
    for (const SavedPrefix& prefix : state.prefixes) home_.learn_ipv6(prefix.segment, prefix.address);
    const BundleIds ids(*bundle_);
    for (const SavedName& name : state.names) {
        if (!present(name.device)) continue;
        const NamedBy by{names_.intern(name.name), ids.signature(name.signature)};
        dns_names_.learn(name.device, name.address, by, name.expires_ns);
    }
    for (const SavedContact& contact : state.contacts) {
        if (present(contact.device))
            contacts_.note(restored_flow(contact.flow, contact.device, ids, names_), contact.flows);
    }
    for (const SavedAlert& saved : state.alerts) {
        if (!present(saved.device)) continue;
        alerts_.restore({saved.alert, saved.device, restored_flow(saved.flow, saved.device, ids, names_),
                         saved.told_count, saved.told_ns});
    }
    // These count what this run saw.
    counters_.home_prefixes_learned = 0;
    counters_.dns_names = 0;
    counters_.contacts = 0;
    return base::Done{};
}

void DeviceTable::save(SavedState& state) const {
    for (std::size_t i = 1; i < devices_.size(); ++i) {
        const Device& device = devices_[i];
        SavedDevice& saved = state.devices.emplace_back();
        saved.id = device.id;
        saved.addresses = device.addresses;
        saved.macs = device.macs;
        saved.host_name = device.host_name;
        saved.host_names = device.host_names;
        saved.keyed_by_address = device.keyed_by_address;
        saved.evidence = device.evidence.items();
        saved.first_seen_ns = device.first_seen_ns;
        saved.last_seen_ns = device.last_seen_ns;
    }
    for (const auto& [identifier, device] : by_identifier_)
        state.devices[device - 1].identifiers.push_back(identifier.text());
    for (const auto& [key, mac] : macs_) {
        SavedMac& saved = state.macs.emplace_back();
        saved.segment = key.segment;
        std::copy_n(key.mac.begin(), saved.mac.bytes.size(), saved.mac.bytes.begin());
        saved.device = mac.device;
        saved.router = mac.router;
        saved.unbound = mac.unbound;
    }
    for (const auto& [key, address] : addresses_) {
        state.addresses.push_back({key.segment, model::IpAddress{key.address}, address.device, address.bound_mac});
    }
}

void DeviceTable::restore(const SavedState& state) {
    for (const SavedDevice& saved : state.devices) {
        if (size() >= config_.max_devices) {
            ++counters_.devices_over_limit;
            continue;
        }
        Device& device = devices_.emplace_back();
        device.index = static_cast<DeviceIndex>(devices_.size() - 1);
        device.id = saved.id;
        device.addresses = saved.addresses;
        device.macs = saved.macs;
        device.host_name = saved.host_name;
        device.host_names = saved.host_names;
        device.keyed_by_address = saved.keyed_by_address;
        for (const EvidenceItem& item : saved.evidence) {
            device.evidence.add(item, config_.max_evidence_per_device, counters_);
        }
        device.identity = device.evidence.identity();
        device.first_seen_ns = saved.first_seen_ns;
        device.last_seen_ns = saved.last_seen_ns;
        for (const std::string& text : saved.identifiers) {
            if (const auto identifier = Identifier::parse(text)) by_identifier_.try_emplace(*identifier, device.index);
        }
    }
    for (const SavedMac& saved : state.macs) {
        MacState* const mac = saved.device <= size() ? mac_state(saved.segment, saved.mac) : nullptr;
        if (mac != nullptr) *mac = {saved.device, saved.router, saved.unbound};
    }
    for (const SavedAddress& saved : state.addresses) {
        AddressState* const address = saved.device <= size() ? address_state(saved.segment, saved.address) : nullptr;
        if (address != nullptr) *address = {saved.device, saved.bound_mac, {}};
    }
}

}  // namespace telltale::correlate
