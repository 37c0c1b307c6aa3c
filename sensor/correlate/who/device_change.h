// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sensor/correlate/who/device.h"
#include "sensor/model/addresses.h"

namespace telltale::correlate {

// One thing that who found out about a device. Plain data, so that it may be sent to another thread. Has the members
// that its kind names.
struct DeviceChange {
    enum class Kind : std::uint8_t {
        new_device,    // id, first seen at time_ns
        new_mac,       // mac
        new_address,   // address
        lost_address,  // address: may be another device's from then on
        router,        // it was found to forward for others
        presence,      // it sent or received at time_ns; not said of the accountable device of a flow that is reported
    };
    static constexpr std::size_t kIdLength = 32;

    Kind kind = Kind::presence;
    DeviceIndex device = kNoDevice;
    model::MacAddress mac{};
    model::IpAddress address{};
    std::int64_t time_ns = 0;
    std::array<char, kIdLength> id{};

    [[nodiscard]] std::string_view id_text() const { return {id.data(), id.size()}; }
};

}  // namespace telltale::correlate
