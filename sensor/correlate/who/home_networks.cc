// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/home_networks.h"

#include <algorithm>

#include "sensor/correlate/rows/row_writer.h"
#include "sensor/correlate/who/fields.h"

namespace telltale::correlate {
namespace {

constexpr const char* kDefaultPrefixes[] = {"10.0.0.0/8",  "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                                            "127.0.0.0/8", "fc00::/7",      "fe80::/10",      "::1/128"};

}  // namespace

bool is_link_local(const model::IpAddress& address) {
    if (address.is_v4()) return address.bytes[12] == 169 && address.bytes[13] == 254;
    return address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0) == 0x80;
}

HomeNetworks::HomeNetworks(const std::vector<model::IpPrefix>& prefixes, bool keep_rows) : changed_(keep_rows) {
    for (const model::IpPrefix& prefix : prefixes) add(prefix);
    if (!prefixes.empty()) return;
    for (const char* text : kDefaultPrefixes) {
        if (const auto prefix = model::parse_prefix(text)) add(*prefix);
    }
}

void HomeNetworks::add(const model::IpPrefix& prefix) {
    model::IpAddress mask;
    for (std::size_t bit = 0; bit < prefix.bits; ++bit) {
        mask.bytes[bit / 8] = static_cast<std::uint8_t>(mask.bytes[bit / 8] | 0x80U >> bit % 8);
    }
    Block block{mask.halves(), prefix.address.halves()};
    for (std::size_t i = 0; i < block.mask.size(); ++i) block.bits[i] &= block.mask[i];
    static constexpr std::uint8_t kAnyV4[4] = {};
    constexpr std::uint8_t kBitsBeforeV4 = 96;
    // A short prefix may hold all of IPv4, too.
    const bool has_v4 = prefix.address.is_v4() || prefix.contains(model::IpAddress::v4(kAnyV4));
    if (has_v4) v4_.push_back(block);
    if (!prefix.address.is_v4() || prefix.bits < kBitsBeforeV4) v6_.push_back(block);
}

bool HomeNetworks::contains(model::Segment segment, const model::IpAddress& address) const {
    if (!address.specified() || address.multicast()) return false;
    const bool v4 = address.is_v4();
    const model::IpAddress::Halves bits = address.halves();
    for (const Block& block : v4 ? v4_ : v6_) {
        if ((((bits[0] & block.mask[0]) ^ block.bits[0]) | ((bits[1] & block.mask[1]) ^ block.bits[1])) == 0)
            return true;
    }
    return !v4 && !learned_.empty() && learned_.contains(learned_key(segment, address));
}

bool HomeNetworks::learn_ipv6(model::Segment segment, const model::IpAddress& address) {
    const Learned key = learned_key(segment, address);
    if (learned_.contains(key)) return false;
    if (learned_.size() >= kMaxLearned) {
        ++counters_.home_prefixes_over_limit;
        return false;
    }
    learned_.insert(key);
    note(key);
    ++counters_.home_prefixes_learned;
    return true;
}

void HomeNetworks::restore(model::Segment segment, const model::IpAddress& address) {
    if (learn_ipv6(segment, address)) --counters_.home_prefixes_learned;
}

// A learned prefix never changes: it is noted once.
void HomeNetworks::note(const Learned& key) {
    bool noted = false;
    changed_.note(noted, key);
}

bool HomeNetworks::write_changes(RowWriter& rows) {
    return changed_.write([&](const Learned& key) {
        KeptPrefix row{key.first, first_of(key.second)};
        return rows.write("prefix", std::to_string(row.segment.number()) + "/" + model::to_string(row.address), {},
                          row);
    });
}

void HomeNetworks::note_all() {
    for (const Learned& key : learned_) note(key);
}

HomeNetworks::Learned HomeNetworks::learned_key(model::Segment segment, const model::IpAddress& address) {
    Learned key{segment, {}};
    std::copy_n(address.bytes.begin(), key.second.size(), key.second.begin());
    return key;
}

}  // namespace telltale::correlate
