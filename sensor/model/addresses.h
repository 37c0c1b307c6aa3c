// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::model {

// An IEEE 802 MAC address. All zero means "not known" (link types without one).
struct MacAddress {
    std::array<std::uint8_t, 6> bytes{};

    auto operator<=>(const MacAddress&) const = default;
    // Compared as numbers: on every packet, where a call of memcmp() costs more.
    bool operator==(const MacAddress& other) const { return number() == other.number(); }
    [[nodiscard]] std::uint64_t number() const {  // in the byte order of the machine
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data(), bytes.size());
        return value;
    }
    [[nodiscard]] bool known() const { return number() != 0; }
    [[nodiscard]] bool multicast() const { return (bytes[0] & 1) != 0; }
    // Locally administered: often a random address that stands for no registrant (IEEE 802c).
    [[nodiscard]] bool local() const { return (bytes[0] & 2) != 0; }
};

// An IPv4 or IPv6 address. IPv4 is kept as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). All zero means "none".
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const IpAddress&) const = default;
    bool operator==(const IpAddress& other) const {
        const Halves mine = halves(), theirs = other.halves();
        return ((mine[0] ^ theirs[0]) | (mine[1] ^ theirs[1])) == 0;
    }

    static IpAddress v4(const std::uint8_t* four) {
        IpAddress address;
        address.bytes[10] = address.bytes[11] = 0xff;
        std::memcpy(&address.bytes[12], four, 4);
        return address;
    }
    static IpAddress v6(const std::uint8_t* sixteen) {
        IpAddress address;
        std::memcpy(address.bytes.data(), sixteen, 16);
        return address;
    }
    // Four bytes are IPv4, sixteen IPv6; anything else gives no address.
    static IpAddress from(base::Bytes raw) {
        return raw.size() == 4 ? v4(raw.data()) : raw.size() == 16 ? v6(raw.data()) : IpAddress{};
    }

    [[nodiscard]] bool is_v4() const {
        static constexpr std::array<std::uint8_t, 12> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        return std::memcmp(bytes.data(), kPrefix.data(), kPrefix.size()) == 0;
    }
    using Halves = std::array<std::uint64_t, 2>;
    [[nodiscard]] Halves halves() const {  // in the byte order of the machine
        Halves words{};
        std::memcpy(words.data(), bytes.data(), bytes.size());
        return words;
    }
    // Neither absent nor the unspecified address of either family.
    [[nodiscard]] bool specified() const { return *this != IpAddress{} && *this != v4_any(); }
    // Multicast, or IPv4 limited broadcast.
    [[nodiscard]] bool multicast() const {
        if (!is_v4()) return bytes[0] == 0xff;
        return (bytes[12] & 0xf0) == 0xe0 || (bytes[12] & bytes[13] & bytes[14] & bytes[15]) == 0xff;
    }
    [[nodiscard]] base::Bytes raw() const { return is_v4() ? base::Bytes(bytes).subspan(12) : base::Bytes(bytes); }

  private:
    static IpAddress v4_any() {
        static constexpr std::uint8_t kZero[4] = {};
        return v4(kZero);
    }
};

// A block of addresses: `bits` counts within the 128-bit form (IPv4 /24 is 120).
struct IpPrefix {
    IpAddress address;
    std::uint8_t bits = 0;

    auto operator<=>(const IpPrefix&) const = default;
    [[nodiscard]] bool contains(const IpAddress& other) const;
};

// Text: MACs as aa:bb:cc:dd:ee:ff; ECS writes them 00-1A-2B-.. (exporters). IPv6 as RFC 5952. Parsing is for
// configuration; nullopt if the text is not an address.
void append(std::string& out, const MacAddress& mac);
std::string to_string(const MacAddress& mac);
std::string to_string(const IpAddress& address);
std::string to_string(const IpPrefix& prefix);
std::optional<MacAddress> parse_mac(std::string_view text);
std::optional<IpAddress> parse_ip(std::string_view text);
std::optional<IpPrefix> parse_prefix(std::string_view text);  // "10.0.0.0/8", "fd00::/8", "192.0.2.1"

}  // namespace telltale::model
