// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/contacts.h"

namespace telltale::correlate {

Contacts::Outcome Contacts::note(const FlowState& flow, std::size_t place, std::uint64_t sequence,
                                 std::uint64_t flows) {
    const NameId name = flow.attribution.name;
    const Clear clear = kClearOf[flow.application];
    Key key{flow.device, name, {}};
    if (name == kNoName) key.address = flow.far().bytes;
    ByClear* const found = by_key_.find(key);
    const bool first = found == nullptr;
    if (!first && (*found)[clear] != nullptr) {
        Contact& contact = *(*found)[clear];
        contact.flows += flows;
        changed_.note(contact.noted, &contact);
        return Outcome::known;
    }
    if (by_device_.size() <= place) by_device_.resize(place + 1);
    auto& its = by_device_[place];
    if (contacts_.size() >= config_.max_total || its.size() >= config_.max_per_device) {
        ++counters_.contacts_over_limit;
        return Outcome::no_room;
    }
    Contact& contact = contacts_.emplace_back(Contact{flow, flows, sequence, false});
    (first ? by_key_[key] : *found)[clear] = &contact;
    its.push_back(&contact);
    if (first) ++counters_.contacts;
    if (!first) changed_.note(contact.noted, &contact);
    return first ? Outcome::first : Outcome::known;
}

void Contacts::restore(const FlowState& flow, std::size_t place, std::uint64_t sequence, std::uint64_t flows) {
    note(flow, place, sequence, flows);
    counters_.contacts = 0;
}

}  // namespace telltale::correlate
