// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/dns_names.h"

#include <algorithm>

namespace telltale::correlate {

DnsNames::DnsNames(std::size_t max_total, std::size_t max_per_device, Counters& counters)
    : max_total_(max_total), max_per_device_(max_per_device), counters_(counters) {}

void DnsNames::learn(std::uint32_t device, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns) {
    Client& client = client_of(device);
    if (const auto found = client.by_address.find(address); found != client.by_address.end()) {
        found->second->named_by = named_by;
        found->second->expires_ns = expires_ns;
        touch(found->second);
        return;
    }
    if (client.order.size() >= max_per_device_) {
        erase(client.order.front());
        ++counters_.dns_names_evicted;
    } else if (entries_.size() >= max_total_) {
        erase(entries_.begin());
        ++counters_.dns_names_evicted;
    }
    const auto entry = entries_.insert(entries_.end(), Entry{device, address, named_by, expires_ns, {}});
    entry->in_device = client.order.insert(client.order.end(), entry);
    client.by_address.emplace(address, entry);
    ++counters_.dns_names;
}

NamedBy DnsNames::find(std::uint32_t device, const model::IpAddress& address, std::int64_t now_ns) {
    if (device >= clients_.size() || clients_[device] == nullptr) return {};
    const auto& by_address = clients_[device]->by_address;
    const auto found = by_address.find(address);
    if (found == by_address.end() || found->second->expires_ns < now_ns) return {};
    found->second->expires_ns = std::max(found->second->expires_ns, now_ns + kGraceNs);
    touch(found->second);
    return found->second->named_by;
}

DnsNames::Client& DnsNames::client_of(std::uint32_t device) {
    if (clients_.size() <= device) clients_.resize(std::size_t{device} + 1);
    if (clients_[device] == nullptr) clients_[device] = std::make_unique<Client>();
    return *clients_[device];
}

void DnsNames::touch(Entries::iterator entry) {
    Client& client = client_of(entry->device);
    entries_.splice(entries_.end(), entries_, entry);
    client.order.splice(client.order.end(), client.order, entry->in_device);
}

void DnsNames::erase(Entries::iterator entry) {
    Client& client = client_of(entry->device);
    client.by_address.erase(entry->address);
    client.order.erase(entry->in_device);
    entries_.erase(entry);
}

}  // namespace telltale::correlate
