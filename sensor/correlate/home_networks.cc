// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/home_networks.h"

#include <algorithm>

namespace telltale::correlate {
namespace {

constexpr const char* kDefaultPrefixes[] = {"10.0.0.0/8",  "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                                            "127.0.0.0/8", "fc00::/7",      "fe80::/10",      "::1/128"};

}  // namespace

bool is_link_local(const model::IpAddress& address) {
    if (address.is_v4()) return address.bytes[12] == 169 && address.bytes[13] == 254;
    return address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0) == 0x80;
}

HomeNetworks::HomeNetworks(std::vector<model::IpPrefix> prefixes, Counters& counters)
    : prefixes_(std::move(prefixes)), counters_(counters) {
    if (!prefixes_.empty()) return;
    for (const char* text : kDefaultPrefixes) {
        if (const auto prefix = model::parse_prefix(text)) prefixes_.push_back(*prefix);
    }
}

bool HomeNetworks::contains(model::Segment segment, const model::IpAddress& address) const {
    if (!address.specified() || address.multicast()) return false;
    const bool configured = std::any_of(prefixes_.begin(), prefixes_.end(),
                                        [&](const model::IpPrefix& prefix) { return prefix.contains(address); });
    return configured || (!learned_.empty() && !address.is_v4() && learned_.contains(learned_key(segment, address)));
}

void HomeNetworks::learn_ipv6(model::Segment segment, const model::IpAddress& address) {
    const Learned key = learned_key(segment, address);
    if (learned_.contains(key)) return;
    if (learned_.size() >= kMaxLearned) {
        ++counters_.home_prefixes_over_limit;
        return;
    }
    learned_.insert(key);
    ++counters_.home_prefixes_learned;
}

HomeNetworks::Learned HomeNetworks::learned_key(model::Segment segment, const model::IpAddress& address) {
    Learned key{segment, {}};
    std::copy_n(address.bytes.begin(), key.second.size(), key.second.begin());
    return key;
}

}  // namespace telltale::correlate
