// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/name_table.h"

#include <libpsl.h>

#include <algorithm>
#include <array>

#include "sensor/correlate/what/bounded_text.h"
#include "sensor/model/addresses.h"

namespace telltale::correlate {
namespace {

bool is_plain_host_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

NameTable::NameTable(std::size_t max_names) : max_names_(max_names), suffixes_(psl_builtin()), names_(1) {}

NameId NameTable::intern(std::string_view text) {
    text = text.substr(0, kMaxTextBytes);
    if (text.empty()) return kNoName;
    const std::uint32_t tag = base::HashIndex::tag(base::TextHash{}(text));
    const NameId known = index_.find(tag, [&](NameId id) { return names_[id].text == text; });
    if (known != base::kNoIndex) return known;
    if (names_.size() > max_names_) {
        ++counters_.names_over_limit;
        return kNoName;
    }
    const auto id = static_cast<NameId>(names_.size());
    names_.push_back({std::string(text), {}, false});
    if (index_.full()) index_.grow();
    index_.insert(tag, id);
    ++counters_.names;
    return id;
}

NameId NameTable::intern_host(std::string_view host) {
    if (host.empty() || host.front() == '[' || host.find('@') != std::string_view::npos) return kNoName;
    // IPv6 has colons, IPv4 ends in a digit: names seldom have either.
    const std::size_t colon = host.find(':');
    if (colon != std::string_view::npos && model::parse_ip(host)) return kNoName;
    host = host.substr(0, colon);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (!host.empty() && host.back() >= '0' && host.back() <= '9' && model::parse_ip(host)) return kNoName;
    std::array<char, kMaxTextBytes> lower;
    host = host.substr(0, lower.size());
    std::transform(host.begin(), host.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return intern({lower.data(), host.size()});
}

const std::string& NameTable::registered_domain(NameId id) {
    Name& name = names_[id];
    if (!name.looked_up) {
        name.looked_up = true;
        if (suffixes_ != nullptr && is_plain_host_name(name.text)) {
            const char* domain = psl_registrable_domain(suffixes_, name.text.c_str());
            if (domain != nullptr) name.registered_domain = domain;
        }
    }
    return name.registered_domain;
}

}  // namespace telltale::correlate
