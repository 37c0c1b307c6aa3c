// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "sensor/model/tap_index.h"

namespace telltale::model {

// Keeps equal addresses apart: the tap, the outer and inner VLAN id (0: none), and the tunnel.
class Segment {
  public:
    constexpr Segment() = default;
    constexpr Segment(TapIndex tap, std::uint16_t outer_vlan, std::uint16_t inner_vlan = 0)
        : number_(std::uint32_t{tap.value()} << kTapShift | (outer_vlan & 0xfffU) << 12 | (inner_vlan & 0xfffU)) {}
    // The reverse of number(); empty if no segment has this number.
    static constexpr std::optional<Segment> of_number(std::uint32_t number) {
        if (number >> kTapShift >= kMaxTaps) return std::nullopt;
        Segment segment;
        segment.number_ = number;
        return segment;
    }

    // The same tap, inside the tunnel that has this id (not 0). VLANs and tunnel become one number (Knuth's
    // multiplicative hash).
    [[nodiscard]] constexpr Segment inside(std::uint32_t tunnel_id) const {
        Segment segment;
        segment.number_ = number_ ^ ((tunnel_id * 0x9e3779b1U) >> (32 - kTapShift));
        return segment;
    }

    [[nodiscard]] constexpr TapIndex tap() const { return TapIndex(number_ >> kTapShift); }
    [[nodiscard]] constexpr std::uint32_t number() const { return number_; }
    constexpr auto operator<=>(const Segment&) const = default;

  private:
    static constexpr unsigned kTapShift = 24;

    std::uint32_t number_ = 0;
};

}  // namespace telltale::model
