// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/model/addresses.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// A name and the destination signature that it has, if any.
struct NamedBy {
    NameId name = kNoName;
    signatures::SignatureId signature = signatures::kNoSignature;
};

#define TELLTALE_DNS_NAMES_COUNTERS(X)                                                \
    X(dns_names, counter, "Pairs of a device and an address that a DNS answer named") \
    X(dns_names_evicted, counter, "DNS answers that made room for newer ones")

// Counted by the DnsNames.
struct DnsNamesCounters {
    TELLTALE_COUNTERS(DnsNamesCounters, TELLTALE_DNS_NAMES_COUNTERS)
};

// Names of addresses by each device's own DNS answers. The last answer before a flow starts names it. An answer
// outlives its TTL, and the last flow that it named, by kGraceNs: programs keep addresses longer than they should, and
// a push connection that stays open for a day, quiet for longer than the idle timeout, is a row of flows and one
// answer. Bounded for each device and in total; the least recently used goes first.
class DnsNames {
  public:
    static constexpr std::int64_t kGraceNs = 3'600'000'000'000;

    struct Config {
        std::size_t max_total = 262'144;
        std::size_t max_per_device = 2'048;
    };

    explicit DnsNames(Config config) : config_(config) {}

    // `client`: the device's place in its partition (Profiles::place_of). `sequence`: of the message in hand.
    void learn(std::size_t client, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns,
               std::uint64_t sequence);
    // For a flow that starts. No name if the device got no answer, or too long ago.
    NamedBy find(std::size_t client, const model::IpAddress& address, std::int64_t now_ns, std::uint64_t sequence);
    // As learn() for an answer that an earlier run knew; not counted.
    void restore(std::size_t client, const model::IpAddress& address, NamedBy named_by, std::int64_t expires_ns,
                 std::uint64_t sequence);

    struct Answer {
        std::size_t client;
        model::IpAddress address;
        NamedBy named_by;
        std::int64_t expires_ns;
        std::uint64_t sequence;  // of its last use
    };
    // Calls visit(const Answer&), the least recently used first.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const Entry& entry : entries_) visit(entry.answer);
    }
    [[nodiscard]] const DnsNamesCounters& counters() const { return counters_; }

  private:
    struct Entry;
    using Entries = std::list<Entry>;
    using DeviceOrder = std::list<Entries::iterator>;
    struct Entry {
        Answer answer;
        DeviceOrder::iterator in_device;
    };
    struct Client {
        DeviceOrder order;  // oldest first
        std::unordered_map<model::IpAddress, Entries::iterator, base::PackedHash<model::IpAddress>> by_address;
    };

    Client& client_of(std::size_t client);
    void touch(Entries::iterator entry, std::uint64_t sequence);
    void erase(Entries::iterator entry);

    const Config config_;
    DnsNamesCounters counters_;
    Entries entries_;                               // oldest first
    std::vector<std::unique_ptr<Client>> clients_;  // null: the device got no answer
};

}  // namespace telltale::correlate
