// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/contacts.h"

namespace telltale::correlate {

Contacts::Outcome Contacts::note(const FlowState& flow) {
    const NameId name = flow.attribution.name;
    Key key{flow.device, name, static_cast<std::uint32_t>(clear_of(flow.application)), {}};
    if (name == kNoName) key.address = flow.far().bytes;
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        ++found->second->flows;
        return Outcome::known;
    }
    bool first = true;
    for (std::uint32_t clear = 0; clear < kClearCount; ++clear) {
        Key other = key;
        other.clear = clear;
        first = first && !by_key_.contains(other);
    }
    if (by_device_.size() <= flow.device) by_device_.resize(std::size_t{flow.device} + 1);
    auto& its = by_device_[flow.device];
    if (contacts_.size() >= config_.max_contacts || its.size() >= config_.max_contacts_per_device) {
        ++counters_.contacts_over_limit;
        return Outcome::no_room;
    }
    Contact& contact = contacts_.emplace_back(Contact{flow, 1});
    by_key_.emplace(key, &contact);
    its.push_back(&contact);
    if (first) ++counters_.contacts;
    return first ? Outcome::first : Outcome::known;
}

}  // namespace telltale::correlate
