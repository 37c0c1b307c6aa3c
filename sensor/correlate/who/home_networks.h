// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/correlate/rows/changed_rows.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

class RowWriter;

// fe80::/10 or 169.254.0.0/16: never forwarded, so it belongs to the MAC address that sends it.
bool is_link_local(const model::IpAddress& address);

#define TELLTALE_HOME_NETWORKS_COUNTERS(X)                                          \
    X(home_prefixes_learned, counter, "IPv6 prefixes that were learned to be home") \
    X(home_prefixes_over_limit, counter, "IPv6 prefixes that found no room")

// Counted by the HomeNetworks.
struct HomeNetworksCounters {
    TELLTALE_COUNTERS(HomeNetworksCounters, TELLTALE_HOME_NETWORKS_COUNTERS)
};

// Which addresses are ours. The configured prefixes hold everywhere; learned IPv6 /64 prefixes hold in their segment.
// At most kMaxLearned of these are kept.
class HomeNetworks {
  public:
    static constexpr std::size_t kMaxLearned = 1024;

    // Without prefixes: RFC 1918, ULA, link-local and loopback of both families.
    // `keep_rows`: somebody calls write_changes().
    explicit HomeNetworks(const std::vector<model::IpPrefix>& prefixes, bool keep_rows = false);

    // False for multicast and unspecified addresses.
    [[nodiscard]] bool contains(model::Segment segment, const model::IpAddress& address) const;
    // True if the prefix was not known.
    bool learn_ipv6(model::Segment segment, const model::IpAddress& address);

    // Restores a prefix that an earlier run learned; it is not counted as learned again.
    void restore(model::Segment segment, const model::IpAddress& address);

    // Calls visit(segment, address) with the first address of every learned prefix.
    template <typename Visit>
    void for_each_learned(Visit&& visit) const {
        for (const auto& [segment, prefix] : learned_) {
            visit(segment, first_of(prefix));
        }
    }

    // As DeviceTable's.
    bool write_changes(RowWriter& rows);
    void note_all();

    [[nodiscard]] const HomeNetworksCounters& counters() const { return counters_; }

  private:
    using Prefix = std::array<std::uint8_t, 8>;
    using Learned = std::pair<model::Segment, Prefix>;
    static model::IpAddress first_of(const Prefix& prefix) {
        model::IpAddress address;
        std::copy(prefix.begin(), prefix.end(), address.bytes.begin());
        return address;
    }
    void note(const Learned& key);
    static Learned learned_key(model::Segment segment, const model::IpAddress& address);

    // A prefix as it is compared, for every flow: an address is in it when its bits under `mask` are `bits`.
    struct Block {
        model::IpAddress::Halves mask{};
        model::IpAddress::Halves bits{};
    };
    void add(const model::IpPrefix& prefix);

    std::vector<Block> v4_;  // those that hold IPv4 addresses
    std::vector<Block> v6_;  // those that hold others
    std::set<Learned> learned_;
    ChangedRows<Learned> changed_;
    HomeNetworksCounters counters_;
};

}  // namespace telltale::correlate
