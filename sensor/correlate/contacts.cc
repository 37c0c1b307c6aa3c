// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/contacts.h"

namespace telltale::correlate {

Contacts::Outcome Contacts::note(const FlowState& flow, std::uint64_t flows) {
    const NameId name = flow.attribution.name;
    const auto clear = static_cast<std::size_t>(clear_of(flow.application));
    Key key{flow.device, name, {}};
    if (name == kNoName) key.address = flow.far().bytes;
    ByClear* const found = by_key_.find(key);
    const bool first = found == nullptr;
    if (!first && (*found)[clear] != nullptr) {
        (*found)[clear]->flows += flows;
        return Outcome::known;
    }
    if (by_device_.size() <= flow.device) by_device_.resize(std::size_t{flow.device} + 1);
    auto& its = by_device_[flow.device];
    if (contacts_.size() >= config_.max_contacts || its.size() >= config_.max_contacts_per_device) {
        ++counters_.contacts_over_limit;
        return Outcome::no_room;
    }
    Contact& contact = contacts_.emplace_back(Contact{flow, flows});
    (first ? by_key_[key] : *found)[clear] = &contact;
    its.push_back(&contact);
    if (first) ++counters_.contacts;
    return first ? Outcome::first : Outcome::known;
}

}  // namespace telltale::correlate
