// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/dns_names.h"

#include <algorithm>

namespace telltale::correlate {

void DnsNames::learn(std::size_t client, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns,
                     std::uint64_t sequence) {
    Client& its = client_of(client);
    if (const auto found = its.by_address.find(address); found != its.by_address.end()) {
        Entry& known = *found->second;
        const bool renamed = known.answer.named_by.name != named_by.name;
        known.answer.named_by = named_by;
        known.answer.expires_ns = expires_ns;
        touch(found->second, sequence);
        return renamed ? changed_.note(known.noted, {client, address}) : note_if_worth(known);
    }
    if (its.order.size() >= config_.max_per_device) {
        erase(its.order.front());
        ++counters_.dns_names_evicted;
    } else if (entries_.size() >= config_.max_total) {
        erase(entries_.begin());
        ++counters_.dns_names_evicted;
    }
    const auto entry =
        entries_.insert(entries_.end(), Entry{{client, address, named_by, expires_ns, sequence}, {}, false, 0});
    entry->in_device = its.order.insert(its.order.end(), entry);
    its.by_address.emplace(address, entry);
    changed_.note(entry->noted, {client, address});
    ++counters_.dns_names;
}

void DnsNames::restore(std::size_t client, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns,
                       std::uint64_t sequence) {
    learn(client, address, named_by, expires_ns, sequence);
    counters_.dns_names = 0;
}

NamedBy DnsNames::find(std::size_t client, const model::IpAddress& address, std::int64_t now_ns,
                       std::uint64_t sequence) {
    if (client >= clients_.size() || clients_[client] == nullptr) return {};
    const auto& by_address = clients_[client]->by_address;
    const auto found = by_address.find(address);
    if (found == by_address.end()) return {};
    Answer& answer = found->second->answer;
    if (answer.expires_ns < now_ns) return {};
    answer.expires_ns = std::max(answer.expires_ns, now_ns + kGraceNs);
    note_if_worth(*found->second);
    touch(found->second, sequence);
    return answer.named_by;
}

DnsNames::Client& DnsNames::client_of(std::size_t client) {
    if (clients_.size() <= client) clients_.resize(client + 1);
    if (clients_[client] == nullptr) clients_[client] = std::make_unique<Client>();
    return *clients_[client];
}

void DnsNames::touch(Entries::iterator entry, std::uint64_t sequence) {
    Client& client = client_of(entry->answer.client);
    entry->answer.sequence = sequence;
    entries_.splice(entries_.end(), entries_, entry);
    client.order.splice(client.order.end(), client.order, entry->in_device);
}

DnsNames::Entry* DnsNames::entry_at(const Place& place) {
    const auto& by_address = client_of(place.first).by_address;
    const auto found = by_address.find(place.second);
    return found == by_address.end() ? nullptr : &*found->second;
}

void DnsNames::note_if_worth(Entry& entry) {
    if (entry.answer.expires_ns - entry.written_expires_ns < kWorthWritingNs) return;
    changed_.note(entry.noted, {entry.answer.client, entry.answer.address});
}

void DnsNames::erase(Entries::iterator entry) {
    Client& client = client_of(entry->answer.client);
    changed_.note(entry->noted, {entry->answer.client, entry->answer.address});
    client.by_address.erase(entry->answer.address);
    client.order.erase(entry->in_device);
    entries_.erase(entry);
}

}  // namespace telltale::correlate
