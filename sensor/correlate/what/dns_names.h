// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/correlate/rows/changed_rows.h"
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
        bool keep_rows = false;  // somebody calls write_changes()
    };

    explicit DnsNames(Config config) : config_(config), changed_(config.keep_rows, 2 * config.max_total) {}

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
    // Calls write(client, address, const Answer*) for answers that have changed since it was called last, until it
    // returns false; null: the answer is forgotten. Returns whether that was all. An answer whose end alone has moved
    // counts as changed after kWorthWritingNs.
    template <typename Write>
    bool write_changes(Write&& write) {
        return changed_.write([&](const Place& place) {
            Entry* const entry = entry_at(place);
            if (entry != nullptr) {
                entry->noted = false;
                entry->written_expires_ns = entry->answer.expires_ns;
            }
            return write(place.first, place.second, entry == nullptr ? nullptr : &entry->answer);
        });
    }
    void note_all() {
        for (Entry& entry : entries_) changed_.note(entry.noted, {entry.answer.client, entry.answer.address});
    }
    [[nodiscard]] const DnsNamesCounters& counters() const { return counters_; }

  private:
    struct Entry;
    using Entries = std::list<Entry>;
    using DeviceOrder = std::list<Entries::iterator>;
    struct Entry {
        Answer answer;
        DeviceOrder::iterator in_device;
        bool noted = false;  // in the list of changed rows
        std::int64_t written_expires_ns = 0;
    };
    static constexpr std::int64_t kWorthWritingNs = kGraceNs / 4;
    using Place = std::pair<std::size_t, model::IpAddress>;
    struct Client {
        DeviceOrder order;  // oldest first
        std::unordered_map<model::IpAddress, Entries::iterator, base::PackedHash<model::IpAddress>> by_address;
    };

    Client& client_of(std::size_t client);
    Entry* entry_at(const Place& place);
    void note_if_worth(Entry& entry);
    void touch(Entries::iterator entry, std::uint64_t sequence);
    void erase(Entries::iterator entry);

    const Config config_;
    DnsNamesCounters counters_;
    ChangedRows<Place> changed_;
    Entries entries_;                               // oldest first
    std::vector<std::unique_ptr<Client>> clients_;  // null: the device got no answer
};

}  // namespace telltale::correlate
