// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sensor/model/address_text.h"

namespace telltale::ecs {

// Writes addresses, and keeps the texts of IPv6 addresses: to make one takes ten times as long as to copy it, an event
// names most of its addresses twice, and the next event is often of the same device.
class AddressTexts {
  public:
    // Room that put() needs at `at`.
    static constexpr std::size_t kRoom = 40;

    // Returns the end.
    char* put(const model::IpAddress& address, char* at);

  private:
    static constexpr unsigned kSlotBits = 6;
    static_assert(kRoom >= model::kMaxIpTextBytes);

    // Where an address hashes to: a later one replaces it.
    struct Slot {
        model::IpAddress address;
        std::array<char, kRoom> text{};
        std::uint8_t size = 0;
    };
    std::array<Slot, std::size_t{1} << kSlotBits> slots_;
};

}  // namespace telltale::ecs
