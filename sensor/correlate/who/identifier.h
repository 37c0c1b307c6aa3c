// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// Leads to a device; a device's id is made of its first one: a MAC address, the same in all segments, or an address in
// a segment. Plain data without padding, so that it can be hashed.
struct Identifier {
    std::uint32_t is_address = 0;
    model::Segment segment;
    std::array<std::uint8_t, 16> bytes{};
    bool operator==(const Identifier&) const = default;

    static Identifier of(const model::MacAddress& mac);
    static Identifier of(model::Segment segment, const model::IpAddress& address);
    // "mac:aa:bb:cc:dd:ee:ff", "ip:0:10.0.0.5"
    [[nodiscard]] std::string text() const;
    // The reverse of text(); nullopt if it is neither.
    static std::optional<Identifier> parse(std::string_view text);
};

}  // namespace telltale::correlate
