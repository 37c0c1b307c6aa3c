// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/identifier.h"

#include <algorithm>
#include <charconv>

namespace telltale::correlate {

Identifier Identifier::of(const model::MacAddress& mac) {
    Identifier identifier;
    std::copy(mac.bytes.begin(), mac.bytes.end(), identifier.bytes.begin());
    return identifier;
}

Identifier Identifier::of(model::Segment segment, const model::IpAddress& address) {
    return {1, segment, address.bytes};
}

std::string Identifier::text() const {
    if (is_address != 0) {
        return "ip:" + std::to_string(segment.number()) + ":" + model::to_string(model::IpAddress{bytes});
    }
    model::MacAddress mac;
    std::copy_n(bytes.begin(), mac.bytes.size(), mac.bytes.begin());
    std::string out;
    out.reserve(24);
    out += "mac:";
    model::append(out, mac);
    return out;
}

std::optional<Identifier> Identifier::parse(std::string_view text) {
    if (text.starts_with("mac:")) {
        const auto mac = model::parse_mac(text.substr(4));
        return mac ? std::optional(of(*mac)) : std::nullopt;
    }
    if (!text.starts_with("ip:")) return std::nullopt;
    text.remove_prefix(3);
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (problem != std::errc() || used == text.size() || text[used] != ':') return std::nullopt;
    const auto segment = model::Segment::of_number(number);
    const auto address = model::parse_ip(text.substr(used + 1));
    return segment && address ? std::optional(of(*segment, *address)) : std::nullopt;
}

}  // namespace telltale::correlate
