// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace telltale::support {

// A MAC address. Converts from "02:00:5e:00:00:01" so that tables of packets read well; throws std::invalid_argument.
struct Mac {
    std::array<std::uint8_t, 6> octets{};

    Mac() = default;
    Mac(const char* text);         // NOLINT(google-explicit-constructor)
    Mac(const std::string& text);  // NOLINT(google-explicit-constructor)
    std::string text() const;
    bool locally_administered() const { return (octets[0] & 2) != 0; }
    auto operator<=>(const Mac&) const = default;
};

// An IPv4 or IPv6 address. Converts from its text; throws std::invalid_argument.
struct Ip {
    std::array<std::uint8_t, 16> octets{};  // IPv4: the first four
    bool v6 = false;

    Ip() = default;
    Ip(const char* text);         // NOLINT(google-explicit-constructor)
    Ip(const std::string& text);  // NOLINT(google-explicit-constructor)
    static Ip v4(std::uint32_t host_order);
    std::span<const std::uint8_t> bytes() const { return std::span(octets).first(v6 ? 16 : 4); }
    std::string text() const;
    bool multicast() const;  // or the limited broadcast address
    auto operator<=>(const Ip&) const = default;
};

// Returns a multicast or broadcast packet's destination MAC (RFC 1112 section 6.4, RFC 2464 section 7).
Mac multicast_mac(const Ip& group);
// Returns fe80:: with the interface identifier of the MAC (RFC 4291 appendix A).
Ip link_local(const Mac& mac);
Ip with_prefix(const Ip& prefix64, const Ip& interface_id);

inline const Mac kBroadcastMac = "ff:ff:ff:ff:ff:ff";

}  // namespace telltale::support
