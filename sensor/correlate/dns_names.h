// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sensor/correlate/counters.h"
#include "sensor/correlate/keyed_hash.h"
#include "sensor/correlate/name_table.h"
#include "sensor/model/addresses.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// A name and the destination signature that it has, if any.
struct NamedBy {
    NameId name = kNoName;
    signatures::SignatureId signature = signatures::kNoSignature;
};

// What each device's own DNS answers called an address. The last answer before a flow starts names it. An answer
// outlives its TTL, and the last flow that it named, by kGraceNs: programs keep addresses longer than they should, and
// a push connection that stays open for a day, quiet for longer than the idle timeout, is a row of flows and one
// answer. Bounded for each device and in total; the least recently used goes first.
class DnsNames {
  public:
    static constexpr std::int64_t kGraceNs = 3'600'000'000'000;

    DnsNames(std::size_t max_total, std::size_t max_per_device, Counters& counters);

    void learn(std::uint32_t device, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns);
    // For a flow that starts. No name when the device was never told, or too long ago.
    NamedBy find(std::uint32_t device, const model::IpAddress& address, std::int64_t now_ns);

    // Calls visit(device, address, named_by, expires_ns), the least recently used first.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const Entry& entry : entries_) visit(entry.device, entry.address, entry.named_by, entry.expires_ns);
    }

  private:
    struct Entry;
    using Entries = std::list<Entry>;
    using DeviceOrder = std::list<Entries::iterator>;
    struct Entry {
        std::uint32_t device;
        model::IpAddress address;
        NamedBy named_by;
        std::int64_t expires_ns;
        DeviceOrder::iterator in_device;
    };
    struct Client {
        DeviceOrder order;  // oldest first
        std::unordered_map<model::IpAddress, Entries::iterator, IpHash> by_address;
    };

    Client& client_of(std::uint32_t device);
    void touch(Entries::iterator entry);
    void erase(Entries::iterator entry);

    std::size_t max_total_;
    std::size_t max_per_device_;
    Counters& counters_;
    Entries entries_;                               // oldest first
    std::vector<std::unique_ptr<Client>> clients_;  // by device; null: it was told nothing
};

}  // namespace telltale::correlate
